/* The program is mailassay_main(); this file only gives it to the linker. */
#include "app/app.h"

int main(int argc, char **argv)
{
    return mailassay_main(argc, argv);
}
