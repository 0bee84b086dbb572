/*
 * NAME
 *     render_traffic - reports of receivers, shown
 * DESCRIPTION
 *     Text has the sums first, then each sender with what fails and why it is
 *     taken for whose, then what is odd about the reports. JSON has the same
 *     with all numbers.
 * OWNERSHIP
 *     Scratch is in the arena of the output.
 * ERRORS
 *     None.
 */
#ifndef RENDER_TRAFFIC_H
#define RENDER_TRAFFIC_H

#include "render/render_json.h"
#include "render/render_page.h"
#include "traffic/traffic.h"

void render_traffic_section(struct page *page, const struct traffic *traffic);
/* a line for the first screen */
void render_traffic_brief(struct page *page, const struct traffic *traffic);

json_t *render_traffic_json_object(struct arena *arena, const struct traffic *traffic);
/* messages of a world, as an object */
json_t *render_traffic_json_sum(const struct traffic_sum *sum);

#endif
