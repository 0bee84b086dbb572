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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_stands_for_itself_and_all_below),
        cmocka_unit_test(a_name_that_only_ends_alike_is_nobodys),
        cmocka_unit_test(the_longest_name_wins_whatever_the_order),
        cmocka_unit_test(names_of_another_list_do_not_count),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
