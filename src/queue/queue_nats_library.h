/*
 * NAME
 *     queue_nats_library - libnats, loaded where a queue is used
 * DESCRIPTION
 *     Private to queue/. The functions of libnats that are used, by the names they have
 *     there. Linked, it and the libraries below it would be started by every run.
 * OWNERSHIP
 *     The library stays loaded until the process ends.
 * ERRORS
 *     queue_nats_load() returns false where the library is not there. Nothing else of it may
 *     be called before.
 */
#ifndef QUEUE_NATS_LIBRARY_H
#define QUEUE_NATS_LIBRARY_H

#include <nats/nats.h>
#include <stdbool.h>

#include "base/library.h"

#define QUEUE_NATS_FUNCTIONS(F)                \
    F(jsConsumerConfig_Init)                   \
    F(jsConsumerInfo_Destroy)                  \
    F(jsCtx_Destroy)                           \
    F(jsMsgMetaData_Destroy)                   \
    F(jsOptions_Init)                          \
    F(jsPubOptions_Init)                       \
    F(jsStreamConfig_Init)                     \
    F(jsStreamInfo_Destroy)                    \
    F(jsSubOptions_Init)                       \
    F(js_AddConsumer)                          \
    F(js_AddStream)                            \
    F(js_GetConsumerInfo)                      \
    F(js_GetStreamInfo)                        \
    F(js_Publish)                              \
    F(js_PublishAsync)                         \
    F(js_PublishAsyncComplete)                 \
    F(js_PullSubscribe)                        \
    F(js_SubscribeSync)                        \
    F(natsConnection_Connect)                  \
    F(natsConnection_Destroy)                  \
    F(natsConnection_FlushTimeout)             \
    F(natsConnection_GetMaxPayload)            \
    F(natsConnection_IsClosed)                 \
    F(natsConnection_JetStream)                \
    F(natsMsgList_Destroy)                     \
    F(natsMsg_Ack)                             \
    F(natsMsg_Destroy)                         \
    F(natsMsg_GetData)                         \
    F(natsMsg_GetDataLength)                   \
    F(natsMsg_GetMetaData)                     \
    F(natsMsg_GetSubject)                      \
    F(natsMsg_InProgress)                      \
    F(natsMsg_Nak)                             \
    F(natsOptions_Create)                      \
    F(natsOptions_Destroy)                     \
    F(natsOptions_SetMaxReconnect)             \
    F(natsOptions_SetName)                     \
    F(natsOptions_SetReconnectWait)            \
    F(natsOptions_SetSecure)                   \
    F(natsOptions_SetURL)                      \
    F(natsOptions_SetUserCredentialsFromFiles) \
    F(natsStatus_GetText)                      \
    F(natsSubscription_Destroy)                \
    F(natsSubscription_Fetch)                  \
    F(natsSubscription_NextMsg)                \
    F(nats_Close)

struct queue_nats_functions {
    QUEUE_NATS_FUNCTIONS(LIBRARY_POINTER)
};

extern struct queue_nats_functions nats;

bool queue_nats_load(void);

#endif
