/* What a child that was taken over may name as missing: any octets at all. */
#include "base/must.h"
#include "engine/engine_answers.h"
#include "fuzz.h"

FUZZ(arena, bytes)
{
    struct engine_reader in = engine_reader_of(bytes);
    struct ledger *ledger = ledger_open(arena);
    bool is_read = engine_missed_read(&in, arena, ledger);

    must(ledger_count(ledger) <= LIMIT_CHILD_MISSED);
    must(is_read || ledger_wanted(ledger) == 0);
}
