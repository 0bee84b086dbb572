/*
 * NAME
 *     dns_waiting - questions of a source that knows its answers at once
 * DESCRIPTION
 *     Such a source still answers from poll() only. Between submit() and
 *     poll() its questions stand here, in order.
 * OWNERSHIP
 *     The list lives in the arena given to dns_waiting_add() and is used again
 *     after dns_waiting_clear().
 * ERRORS
 *     None.
 */
#ifndef DNS_WAITING_H
#define DNS_WAITING_H

#include "dns/dns_answer.h"

struct dns_waiting {
    struct dns_question question;
    void *token;
};

struct dns_waiting_list {
    struct dns_waiting *at;
    size_t count;
    size_t size;
};

void dns_waiting_add(struct dns_waiting_list *list, struct arena *arena,
                     const struct dns_question *question, void *token);
void dns_waiting_clear(struct dns_waiting_list *list);

#endif
