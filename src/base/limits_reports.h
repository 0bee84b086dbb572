/*
 * NAME
 *     limits_reports - bounds of reports of receivers, each with its reason
 * DESCRIPTION
 *     A part of limits.h: what reading reports and judging their traffic may cost.
 */
#ifndef LIMITS_REPORTS_H
#define LIMITS_REPORTS_H

/* Reports of receivers. Octets of one unpacked report, and how many times its packed size that
 * may be, from some octets on: a report of a large receiver has a few MB, and XML packs 20 to
 * 40 times. Octets of a zip archive, which is held in memory whole, and of a TLS report, whose
 * tree takes forty times the text at worst. */
#define LIMIT_FEEDBACK_BYTES         (10 * 1000 * 1000)
#define LIMIT_FEEDBACK_RATIO         100
#define LIMIT_FEEDBACK_RATIO_FROM    (256 * 1024)
#define LIMIT_FEEDBACK_ARCHIVE_BYTES (10 * 1000 * 1000)
#define LIMIT_FEEDBACK_JSON_BYTES    (2 * 1000 * 1000)

/* Nested packings (gzip or zip), members of an archive, nested messages or multiparts, nested
 * folders, files. */
#define LIMIT_FEEDBACK_PACKINGS   2
#define LIMIT_FEEDBACK_MEMBERS    1000
#define LIMIT_FEEDBACK_MIME_DEPTH 8
#define LIMIT_FEEDBACK_FOLDERS    8
#define LIMIT_FEEDBACK_FILES      100000

/* Records of all reports of a run: 200 octets each, at most. Results of DKIM, and of SPF, of
 * one record: messages have a handful. Messages that one record may count. */
#define LIMIT_FEEDBACK_ROWS    500000
#define LIMIT_FEEDBACK_RESULTS 50
#define LIMIT_FEEDBACK_COUNT   1000000000000

/* From, envelope and signing domains that are judged, those with most messages first: forgers
 * make up names, and each costs two or three queries. Addresses whose names are queried. */
#define LIMIT_TRAFFIC_AUTHORS 150
#define LIMIT_TRAFFIC_NAMES   50

/* Of reports: records as reporters saw them, other domains, selectors, and what is shown in a
 * list: addresses or reporters of a sender; kinds of TLS failures by host and reporter; senders
 * in JSON. */
#define LIMIT_TRAFFIC_POLICIES  50
#define LIMIT_TRAFFIC_OTHERS    100
#define LIMIT_TRAFFIC_SELECTORS 100
#define LIMIT_TRAFFIC_TLS       200
#define LIMIT_TRAFFIC_SHOWN     10
#define LIMIT_TRAFFIC_SENDERS   1000

/* Domains of reports that one run judges; remedies with which the traffic is judged again. */
#define LIMIT_REPORTS_DOMAINS 20
#define LIMIT_TRAFFIC_WORLDS  12

/* Sentences about reports, and about records of one report. */
#define LIMIT_FEEDBACK_NOTES     200
#define LIMIT_FEEDBACK_ROW_NOTES 3

#endif
