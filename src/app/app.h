/*
 * NAME
 *     app - the command line
 * DESCRIPTION
 *     mailassay_main() picks the command from command_table.def, reads its
 *     options, runs it and returns the exit status of the contract. It is
 *     separate from main() so that tests can link it.
 * OWNERSHIP
 *     The caller frees nothing.
 * ERRORS
 *     Printed on standard error, the reason of a status other than 0 last.
 */
#ifndef APP_H
#define APP_H

int mailassay_main(int argc, char **argv);

#endif
