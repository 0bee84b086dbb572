/*
 * NAME
 *     render_traffic - reports of receivers, shown
 * DESCRIPTION
 *     Text has the sums first, then each sender with its failures and the reason
 *     for its owner, then what is odd about the reports. JSON has the same
 *     with all numbers.
 * OWNERSHIP
 *     Scratch is in the arena of the output.
 * ERRORS
 *     None.
 */
#ifndef RENDER_TRAFFIC_H
#define RENDER_TRAFFIC_H

#include "base/arena.h"
#include "model/finding.h"
#include "model/traffic.h"
#include "render/render_json.h"
#include "render/render_page.h"

#define TRAFFIC_COLUMN      2  /* of numbers, flush right */
#define TRAFFIC_COLUMN_WHO  15 /* behind them */
#define TRAFFIC_COLUMN_MORE 17
#define TRAFFIC_WIDTH       11

void render_traffic_section(struct page *page, const struct traffic *traffic,
                            const struct finding *findings);
/* the part of it about TLS reports */
void render_traffic_tls(struct page *page, const struct traffic *traffic,
                        const struct finding *findings);
/* the findings of today about the same trouble; NULL: none */
const struct finding **render_traffic_linked(struct arena *arena,
                                             const struct traffic_tls_failure *failure,
                                             const struct finding *findings, size_t *count_out);
/* what a change of DNS does to it: the traffic was judged in the new world last */
void render_traffic_change(struct page *page, const struct traffic *traffic,
                           const struct traffic_sum *after);
json_t *render_traffic_json_change(struct arena *arena, const struct traffic *traffic,
                                   const struct traffic_sum *after);
/* a few lines for the first screen */
void render_traffic_brief(struct page *page, const struct traffic *traffic);

/* `findings` of today, to which TLS failures are linked; NULL traffic gives null */
json_t *render_traffic_json_object(struct arena *arena, const struct traffic *traffic,
                                   const struct finding *findings);
/* messages of a world, as an object */
json_t *render_traffic_json_sum(const struct traffic_sum *sum);

#endif
