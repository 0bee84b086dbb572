/* The table of what can be shown: formats by name and suffix, cells, refusals. */
#include <string.h>

#include "app/app_options.h"
#include "render/render_view.h"
#include "unit.h"

/* begin_view - an arena, and no reason yet */
static struct arena *begin_view(struct err *why)
{
    *why = (struct err){0};
    return arena_open();
}

static void formats_are_found_by_name(void **state)
{
    (void)state;
    assert_int_equal(render_format_find("json"), FORMAT_json);
    assert_int_equal(render_format_find("JSON"), FORMAT_NONE);
    assert_int_equal(render_format_find(""), FORMAT_NONE);
    for (int i = 0; i < FORMAT_COUNT; i++)
        assert_int_equal(render_format_find(render_format_name((enum render_format)i)), i);
}

static void a_suffix_decides_else_what_was_asked_for(void **state)
{
    static const struct {
        struct render_output output;
        enum render_format want;
    } rows[] = {
        {{VIEW_check, "a/b.TXT", FORMAT_NONE}, FORMAT_text},
        {{VIEW_check, "b.json", FORMAT_text}, FORMAT_json},
        {{VIEW_check, "-", FORMAT_NONE}, FORMAT_text},
        {{VIEW_check, "-", FORMAT_json}, FORMAT_json},
        {{VIEW_check, "report", FORMAT_json}, FORMAT_json},
        {{VIEW_check, "report", FORMAT_NONE}, FORMAT_NONE},
        {{VIEW_check, "json", FORMAT_NONE}, FORMAT_NONE},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct err why = {0};
        struct arena *arena = begin_view(&why);

        assert_int_equal(render_output_format(arena, &rows[i].output, &why), rows[i].want);
        assert_int_equal(why.kind, rows[i].want == FORMAT_NONE ? ERR_USAGE : ERR_NONE);
        arena_close(arena);
    }
}

static void every_command_with_a_format_has_a_view(void **state)
{
    (void)state;
    for (size_t i = 0; i < app_command_count(); i++) {
        const struct app_command *command = app_command_get(i);

        if ((command->takes & TAKES_FORMAT) == 0)
            continue;
        assert_int_not_equal(render_view_find(command->name), VIEW_NONE);
        /* "report" is there for other formats than text */
        assert_true(strcmp(command->name, "report") == 0 ||
                    render_view_cell(render_view_find(command->name), FORMAT_text) != NULL);
    }
}

static void an_empty_cell_is_refused_with_what_there_is(void **state)
{
    (void)state;
    for (int view = 0; view < VIEW_COUNT; view++)
        for (int format = 0; format < FORMAT_COUNT; format++) {
            struct err why = {0};
            struct arena *arena = begin_view(&why);
            bool is_fine = render_view_check(arena, (enum render_view)view,
                                             (enum render_format)format, &why);

            assert_int_equal(is_fine, render_view_cell((enum render_view)view,
                                                       (enum render_format)format) != NULL);
            if (!is_fine) {
                assert_int_equal(why.kind, ERR_USAGE);
                assert_non_null(
                    strstr(why.text, render_format_names(arena, (enum render_view)view)));
            }
            arena_close(arena);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_are_found_by_name),
        cmocka_unit_test(a_suffix_decides_else_what_was_asked_for),
        cmocka_unit_test(every_command_with_a_format_has_a_view),
        cmocka_unit_test(an_empty_cell_is_refused_with_what_there_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
