/*
 * NAME
 *     plan_terraform - what a plan says of its resources besides their values
 * DESCRIPTION
 *     Private to the reader of plans: zones by their id, values that are known after apply, and
 *     the line of a resource in the configuration next to the plan.
 * OWNERSHIP
 *     In the arena of the plan.
 * ERRORS
 *     None: what is not found is NULL, or the plan itself.
 */
#ifndef PLAN_TERRAFORM_H
#define PLAN_TERRAFORM_H

#include "base/arena.h"
#include "plan/plan_reader.h"

/* the attribute, or something in it, is known after apply */
bool plan_terraform_is_unknown(const struct plan_node *resource, const char *attribute);

/* the zone of this id, or which the configuration of the resource refers to; NULL */
const char *plan_terraform_zone(const struct plan_input *in, const struct plan_node *resource,
                                const char *id);

/* the name that the values of a zone have; NULL */
const char *plan_terraform_zone_name(const struct plan_node *zone);

/* the name is the zone or ends in it */
bool plan_terraform_is_in(const char *name, const char *zone);

/* a target of a service that takes it as below the zone unless it ends in a dot */
const char *plan_terraform_target(struct arena *arena, const char *text, const char *kind,
                                  const char *zone);

/* the name of a resource, safe to show; never its index, which is data */
const char *plan_terraform_name(struct arena *arena, const struct plan_node *resource);

/* the zone of the record is one of a private network, which the Internet does not see */
bool plan_terraform_is_private(const struct plan_input *in, const struct plan_node *values);
bool plan_terraform_is_private_zone(const struct plan_node *zone);

/* a change to what is not a record of the table: a zone that goes takes its records along, and
 * records of unknown services are undetermined */
void plan_terraform_other(const struct plan_input *in, const struct plan_node *resource);

/* the lines of resources in the .tf files next to the plan and below */
const struct plan_terraform_config *plan_terraform_config_read(struct plan *plan);

/* where the resource is: in a .tf file next to the plan or below, else in the plan */
void plan_terraform_place(const struct plan_input *in, const struct plan_node *resource,
                          const char **file_out, int *line_out);

#endif
