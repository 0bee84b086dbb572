/*
 * E. W. Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), over what is left
 * between the common beginning and end. Lines are compared as spans; hashes spare most of that.
 */
#include "base/line_diff.h"

#include "base/limits.h"

struct lines {
    struct span *all;
    uint64_t *hashes;
    size_t count;
};

/* lines_of - of a text; nothing follows a final line end */
static struct lines lines_of(struct arena *arena, struct span text)
{
    struct lines lines = {0};
    struct span rest = text;
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++)
        count += text.at[i] == '\n';
    lines.all = arena_array_of(arena, struct span, count + 1);
    lines.hashes = arena_array_of(arena, uint64_t, count + 1);
    while (rest.len > 0) {
        struct span line = span_cut(&rest, '\n');

        lines.all[lines.count] = line;
        lines.hashes[lines.count++] = span_hash(line);
    }
    return lines;
}

/* a comparison under way: what is left of both texts */
struct diff_work {
    struct arena *arena;
    struct lines before;
    struct lines after;
    size_t from; /* lines that both begin with */
    size_t old_end;
    size_t new_end;
};

/* is_same_line - of both texts */
static bool is_same_line(const struct diff_work *work, size_t old_line, size_t new_line)
{
    return work->before.hashes[old_line] == work->after.hashes[new_line] &&
           span_equal(work->before.all[old_line], work->after.all[new_line]);
}

/* diff_trim - leave out what both begin and end with */
static void diff_trim(struct diff_work *work)
{
    work->old_end = work->before.count;
    work->new_end = work->after.count;
    while (work->from < work->old_end && work->from < work->new_end &&
           is_same_line(work, work->from, work->from))
        work->from++;
    while (work->old_end > work->from && work->new_end > work->from &&
           is_same_line(work, work->old_end - 1, work->new_end - 1)) {
        work->old_end--;
        work->new_end--;
    }
}

/* is_diff_down - the step to a diagonal adds a line; `at`: how far the step before came */
static bool is_diff_down(const ptrdiff_t *at, ptrdiff_t step, ptrdiff_t diagonal)
{
    return diagonal == -step || (diagonal != step && at[diagonal - 1] < at[diagonal + 1]);
}

/* diff_slide - over the lines that are equal from there on */
static ptrdiff_t diff_slide(const struct diff_work *work, ptrdiff_t x, ptrdiff_t diagonal)
{
    ptrdiff_t old_size = (ptrdiff_t)(work->old_end - work->from);
    ptrdiff_t new_size = (ptrdiff_t)(work->new_end - work->from);

    while (x < old_size && x - diagonal < new_size &&
           is_same_line(work, work->from + (size_t)x, work->from + (size_t)(x - diagonal)))
        x++;
    return x;
}

/* diff_back - from the end along the steps taken, marking what was added and removed */
static void diff_back(const struct diff_work *work, ptrdiff_t **steps, ptrdiff_t last,
                      struct line_diff *diff)
{
    ptrdiff_t x = (ptrdiff_t)(work->old_end - work->from);
    ptrdiff_t y = (ptrdiff_t)(work->new_end - work->from);

    for (ptrdiff_t step = last; step > 0; step--) {
        const ptrdiff_t *at = steps[step - 1];
        ptrdiff_t diagonal = x - y;
        bool is_down = is_diff_down(at, step, diagonal);
        ptrdiff_t from = is_down ? diagonal + 1 : diagonal - 1;

        x = at[from];
        y = x - from;
        if (is_down)
            diff->is_added[work->from + (size_t)y] = true;
        else
            diff->is_removed[work->from + (size_t)x] = true;
    }
}

/* diff_step - how far each diagonal comes with one edit more */
static void diff_step(const struct diff_work *work, const ptrdiff_t *at, ptrdiff_t step,
                      ptrdiff_t *now)
{
    for (ptrdiff_t diagonal = -step; diagonal <= step; diagonal += 2) {
        ptrdiff_t x =
            is_diff_down(at, step, diagonal) ? at[diagonal + 1] : at[diagonal - 1] + 1;

        now[diagonal] = diff_slide(work, x, diagonal);
    }
}

/* diff_search - true: the fewest edits are marked; false: they are too many */
static bool diff_search(const struct diff_work *work, struct line_diff *diff)
{
    ptrdiff_t old_size = (ptrdiff_t)(work->old_end - work->from);
    ptrdiff_t new_size = (ptrdiff_t)(work->new_end - work->from);
    ptrdiff_t goal = old_size - new_size;
    ptrdiff_t **steps = arena_array_of(work->arena, ptrdiff_t *, LIMIT_DIFF_LINES + 1);

    for (ptrdiff_t step = 0; step <= LIMIT_DIFF_LINES; step++) {
        /* diagonals from -step - 1 to step + 1 */
        ptrdiff_t *now =
            arena_array_of(work->arena, ptrdiff_t, (size_t)(2 * step + 3)) + step + 1;

        steps[step] = now;
        if (step == 0)
            now[0] = diff_slide(work, 0, 0);
        else
            diff_step(work, steps[step - 1], step, now);
        if (goal >= -step && goal <= step && (goal - step) % 2 == 0 && now[goal] >= old_size) {
            diff_back(work, steps, step, diff);
            return true;
        }
    }
    return false;
}

/* diff_map - for each old line the new one */
static void diff_map(struct line_diff *diff)
{
    size_t at = 0;

    for (size_t i = 0; i < diff->old_lines; i++) {
        while (!diff->is_removed[i] && at < diff->new_lines && diff->is_added[at])
            at++;
        diff->new_of[i] = at;
        at += !diff->is_removed[i];
    }
}

struct line_diff *line_diff_make(struct arena *arena, struct span before, struct span after)
{
    struct diff_work work = {
        .arena = arena, .before = lines_of(arena, before), .after = lines_of(arena, after)};
    struct line_diff *diff = arena_new_of(arena, struct line_diff);

    diff->old_lines = work.before.count;
    diff->new_lines = work.after.count;
    diff->is_added = arena_array_of(arena, bool, diff->new_lines + 1);
    diff->is_removed = arena_array_of(arena, bool, diff->old_lines + 1);
    diff->new_of = arena_array_of(arena, size_t, diff->old_lines + 1);
    diff_trim(&work);
    if (!diff_search(&work, diff)) {
        for (size_t i = work.from; i < work.new_end; i++)
            diff->is_added[i] = true;
        for (size_t i = work.from; i < work.old_end; i++)
            diff->is_removed[i] = true;
    }
    diff_map(diff);
    return diff;
}

/* distance_between - of two lines */
static size_t distance_between(size_t a, size_t b)
{
    return a > b ? a - b : b - a;
}

size_t line_diff_nearest(const struct line_diff *diff, size_t line)
{
    size_t best = 0;

    for (size_t i = 1; i <= diff->new_lines; i++)
        if (diff->is_added[i - 1] &&
            (best == 0 || distance_between(i, line) < distance_between(best, line)))
            best = i;
    for (size_t i = 0; i < diff->old_lines && best == 0; i++)
        if (diff->is_removed[i] && diff->new_lines > 0)
            best = diff->new_of[i] < diff->new_lines ? diff->new_of[i] + 1 : diff->new_lines;
    return best;
}
