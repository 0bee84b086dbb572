/* The words of SPF verdicts, and the way about a tree. */
#include "model/spf_verdict.h"

const char *auth_spf_set_kind_to_text(enum auth_spf_set_kind kind)
{
    static const char *const words[AUTH_SPF_SET_KINDS] = {"pass",    "fail",      "softfail",
                                                          "neutral", "permerror", "unknown"};

    return words[kind];
}

const char *auth_spf_dynamic_effect_to_text(enum auth_spf_dynamic_effect effect)
{
    static const char *const words[] = {"pass", "fail", "softfail", "neutral", "skip", "other"};

    return words[effect];
}

enum auth_spf_set_kind auth_spf_set_kind_of(char qualifier)
{
    if (qualifier == '-')
        return AUTH_SPF_SET_FAIL;
    if (qualifier == '~')
        return AUTH_SPF_SET_SOFTFAIL;
    return qualifier == '?' ? AUTH_SPF_SET_NEUTRAL : AUTH_SPF_SET_PASS;
}

enum auth_spf_dynamic_effect auth_spf_dynamic_effect_of(const struct auth_spf_node *node,
                                                        const struct rec_spf_term *term)
{
    static const enum auth_spf_dynamic_effect effects[] = {
        AUTH_SPF_DYNAMIC_PASS, AUTH_SPF_DYNAMIC_FAIL, AUTH_SPF_DYNAMIC_SOFTFAIL,
        AUTH_SPF_DYNAMIC_NEUTRAL};
    enum auth_spf_dynamic_effect effect = AUTH_SPF_DYNAMIC_OTHER;

    if (term->kind != REC_SPF_REDIRECT)
        effect = effects[auth_spf_set_kind_of(term->qualifier)];
    for (; node->parent != NULL; node = node->parent) {
        if (node->via->kind != REC_SPF_INCLUDE || effect == AUTH_SPF_DYNAMIC_OTHER)
            continue;
        if (effect != AUTH_SPF_DYNAMIC_PASS)
            return AUTH_SPF_DYNAMIC_SKIP;
        effect = effects[auth_spf_set_kind_of(node->via->qualifier)];
    }
    return effect;
}

const struct auth_spf_cost *auth_spf_tree_cost(const struct auth_spf_tree *tree,
                                               const struct auth_spf_node *node,
                                               const struct rec_spf_term *term)
{
    const struct auth_spf_cost *cost = tree->costs;

    while (cost != NULL && (cost->node != node || cost->term != term))
        cost = cost->next;
    return cost;
}

const struct auth_spf_node *auth_spf_tree_child(const struct auth_spf_tree *tree,
                                                const struct auth_spf_node *node,
                                                const struct rec_spf_term *term)
{
    const struct auth_spf_node *child = tree->root;

    while (child != NULL && (child->parent != node || child->via != term))
        child = child->next;
    return child;
}
