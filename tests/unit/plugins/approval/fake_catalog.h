/* A catalog in memory: photographs 1 to 9, of the session 1 where they are odd, of none where they
 * are even. It keeps approved, approved_at and rejection_reason in line as the real one does. */
#ifndef APPROVAL_FAKE_CATALOG_H
#define APPROVAL_FAKE_CATALOG_H

#include <catalog/catalog.h>
#include <jansson.h>
#include <stdbool.h>

#define FAKE_PHOTOS 9
#define FAKE_SESSION 1

struct fake_catalog {
    json_t *photos[FAKE_PHOTOS + 1]; /* by id */
    bool session_gone;
    const char *sentence;
};

extern const catalog_service fake_catalog_table;

/* All are completed, and not approved. */
void fake_catalog_init(struct fake_catalog *catalog);
void fake_catalog_fini(struct fake_catalog *catalog);

#endif
