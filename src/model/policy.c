/* Words and sentences about policies and their outcomes. */
#include "model/policy.h"

#include "base/arena.h"
#include "base/sbuf.h"

const char *policy_kind_to_text(enum policy_kind kind)
{
    return kind == POLICY_RECEIVER ? "receiver" : "rule book";
}

const char *policy_confidence_to_text(enum policy_confidence confidence)
{
    static const char *const words[] = {"high", "medium", "low"};

    return words[confidence];
}

const char *policy_step_to_text(enum policy_step step)
{
    static const char *const words[] = {"dot",  "connect", "ehlo",  "mail",
                                        "rcpt", "data",    "header"};

    return words[step];
}

const char *policy_disposition_to_text(enum policy_disposition disposition)
{
    static const char *const words[] = {"accept", "junk", "defer", "reject", "unknown"};

    return words[disposition];
}

/* text_verb - what is done, as it reads after "Outlook.com:" */
static const char *text_verb(enum policy_kind kind, enum policy_disposition disposition)
{
    bool is_book = kind == POLICY_RULE_BOOK;

    switch (disposition) {
    case POLICY_ACCEPT:
        return is_book ? "met" : "would accept";
    case POLICY_JUNK:
        return is_book ? "met in part" : "would file as junk";
    case POLICY_DEFER:
        return is_book ? "not met yet" : "would defer";
    case POLICY_REJECT:
        return is_book ? "not met" : "would reject";
    case POLICY_UNKNOWN:
        break;
    }
    return "cannot tell";
}

/* add_outcome_text - "would reject 550 5.7.515: DKIM does not pass" */
static void add_outcome_text(struct sbuf *out, const struct policy_outcome *outcome,
                             const struct policy_rule *rule)
{
    sbuf_add(out, text_verb(outcome->policy->kind, rule->disposition));
    if (outcome->code != NULL)
        sbuf_addf(out, " %s", outcome->code);
    if (outcome->enhanced != NULL)
        sbuf_addf(out, " %s", outcome->enhanced);
    if (!rule->is_unconditional)
        sbuf_addf(out, "%s%s", rule->disposition == POLICY_ACCEPT ? ", though " : ": ",
                  rule->says);
    if (rule->confidence != POLICY_HIGH)
        sbuf_addf(out, " (%s confidence)", policy_confidence_to_text(rule->confidence));
}

const char *policy_end_to_text(struct arena *arena, const struct policy_by_standard *end)
{
    const struct policy_rule *rule = end->rule;
    bool has_code = rule != NULL && rule->code != NULL;

    return arena_printf(arena, "%s%s%s%s%s", text_verb(POLICY_RECEIVER, end->disposition),
                        has_code ? " " : "", has_code ? rule->code : "",
                        has_code && rule->enhanced != NULL ? " " : "",
                        has_code && rule->enhanced != NULL ? rule->enhanced : "");
}

const char *policy_outcome_label(struct arena *arena, const struct policy_outcome *outcome)
{
    return arena_printf(arena, "%s%s", outcome->policy->title,
                        outcome->is_for_bulk     ? ", bulk mail"
                        : outcome->is_for_others ? ", other mail"
                                                 : "");
}

/* text_counted - how many rules are so */
static size_t text_counted(const struct policy_outcome *outcome, enum policy_state state)
{
    size_t count = 0;

    for (size_t i = 0; i < outcome->item_count; i++)
        count += outcome->items[i].state == state;
    return count;
}

/* text_add_unmet - "; 2 rules are not met: dmarc, dnssec" */
static void text_add_unmet(struct sbuf *out, const struct policy_outcome *outcome)
{
    size_t unmet = text_counted(outcome, POLICY_UNMET);
    const char *before = ": ";

    if (unmet == 0)
        return;
    sbuf_addf(out, "; %zu not met", unmet);
    for (size_t i = 0; i < outcome->item_count; i++)
        if (outcome->items[i].state == POLICY_UNMET) {
            sbuf_addf(out, "%s%s", before, outcome->items[i].rule->id);
            before = ", ";
        }
}

/* text_book - "not met: 5 of 11 rules met; 2 not met: dmarc, dnssec; 4 unknown" */
static const char *text_book(struct arena *arena, const struct policy_outcome *outcome)
{
    size_t undecided = text_counted(outcome, POLICY_UNDECIDED);
    struct sbuf out = sbuf_start(arena);

    sbuf_addf(&out, "%s: %zu of %zu rules met",
              text_verb(POLICY_RULE_BOOK, outcome->disposition),
              text_counted(outcome, POLICY_MET), outcome->item_count);
    text_add_unmet(&out, outcome);
    if (undecided > 0)
        sbuf_addf(&out, "; %zu unknown", undecided);
    return sbuf_text(&out);
}

const char *policy_outcome_action(struct arena *arena, const struct policy_outcome *outcome)
{
    struct sbuf out = sbuf_start(arena);
    struct policy_outcome otherwise = *outcome;

    if (outcome->policy->kind == POLICY_RULE_BOOK)
        return text_book(arena, outcome);
    if (outcome->rule != NULL) {
        add_outcome_text(&out, outcome, outcome->rule);
        return sbuf_text(&out);
    }
    sbuf_addf(&out, "cannot tell, because %s", outcome->unknown);
    if (outcome->otherwise != NULL) {
        otherwise.code = outcome->otherwise->code;
        otherwise.enhanced = outcome->otherwise->enhanced;
        sbuf_add(&out, "; if not, ");
        add_outcome_text(&out, &otherwise, outcome->otherwise);
    }
    return sbuf_text(&out);
}

const char *policy_outcome_text(struct arena *arena, const struct policy_outcome *outcome)
{
    return arena_printf(arena, "%s: %s", policy_outcome_label(arena, outcome),
                        policy_outcome_action(arena, outcome));
}

const char *policy_state_to_text(enum policy_state state)
{
    static const char *const words[] = {"met", "not met", "cannot tell"};

    return words[state];
}
