/* junmai import of a card: a folder whose new photographs the host finds by itself. */
#ifndef JMC_CARD_H
#define JMC_CARD_H

#include "cli.h"

struct jmc_card_order {
    const char *path;
    const char *session; /* NULL: none */
    bool dry_run;        /* only tell what is new */
    bool ejects;
};

/* Whether the folder is a card of a camera: DCIM is in it. */
bool jmc_card_is(const char *path);
int jmc_card_import(struct jmc_cli *cli, const struct jmc_card_order *order);

#endif
