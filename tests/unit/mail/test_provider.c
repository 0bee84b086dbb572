/* Whose name it is: suffixes at a dot, the longest first, and nobody for what nobody has. */
#include "unit.h"

#include "model/provider.h"

static const char *const service[] = {"service.example", "spf.hub.example"};
static const char *const hub[] = {"hub.example", "_spf.other.example"};

static const struct provider list[] = {
    {.name = "hub", .lists = {[PROVIDER_BY_SPF] = {hub, 2}}},
    {.name = "service", .lists = {[PROVIDER_BY_SPF] = {service, 2}}},
};
static const struct provider_set set = {list, 2};

/* owner - of a name included by SPF; "" for nobody */
static const char *owner(const char *name)
{
    const struct provider *provider = provider_of_spf_include(&set, name);

    return provider != NULL ? provider->name : "";
}

static void a_name_stands_for_itself_and_all_below(void **state)
{
    (void)state;
    assert_string_equal(owner("service.example"), "service");
    assert_string_equal(owner("u1.wl.service.example"), "service");
    assert_string_equal(owner("U1.Service.Example"), "service");
}

static void a_name_that_only_ends_alike_is_nobodys(void **state)
{
    (void)state;
    assert_string_equal(owner("myservice.example"), "");
    assert_string_equal(owner("example"), "");
    assert_string_equal(owner("other.example"), "");
    assert_string_equal(owner(""), "");
}

static void the_longest_name_wins_whatever_the_order(void **state)
{
    (void)state;
    assert_string_equal(owner("a.hub.example"), "hub");
    assert_string_equal(owner("a.spf.hub.example"), "service");
}

static void names_of_another_list_do_not_count(void **state)
{
    (void)state;
    assert_null(provider_of(&set, PROVIDER_BY_MX, "service.example"));
    assert_null(provider_of(NULL, PROVIDER_BY_SPF, "service.example"));
    assert_null(provider_of(&set, PROVIDER_BY_SPF, NULL));
}

static void a_header_field_is_known_by_name_and_value(void **state)
{
    static const char *const headers[] = {"X-Hub", "X-Version: 2.*", "Run: *by hub*of*",
                                          "Exact: hub", "Tail: *hub"};
    static const struct provider provider = {.lists = {[PROVIDER_BY_HEADER] = {headers, 5}}};
    static const struct {
        const char *name, *value;
        bool is_known;
    } fields[] = {
        {"x-hub", "", true},
        {"X-Hub", " anything", true},
        {"X-Hubs", "", false},
        {"X-Version", " 2.1", true},
        {"X-Version", " 2.\r\n", true},
        {"X-Version", " 3.2.1", false},
        {"X-Version", "", false},
        {"Run", " it is run By Hub out of order", true},
        {"Run", "by hub of", true},
        {"Run", "of by hub", false},
        {"Run", "by hu of", false},
        {"Exact", "\thub ", true},
        {"Exact", "hubs", false},
        {"Exact", "a hub", false},
        {"Tail", "hub", true},
        {"Tail", "hub hub", true},
        {"Tail", "hub hu", false},
        {"Tail", "ub", false},
        {"List-Id", "hub", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        if (provider_has_header(&provider, span_of(fields[i].name), span_of(fields[i].value)) !=
            fields[i].is_known)
            fail_msg("%s: %s", fields[i].name, fields[i].value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_stands_for_itself_and_all_below),
        cmocka_unit_test(a_name_that_only_ends_alike_is_nobodys),
        cmocka_unit_test(the_longest_name_wins_whatever_the_order),
        cmocka_unit_test(names_of_another_list_do_not_count),
        cmocka_unit_test(a_header_field_is_known_by_name_and_value),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
