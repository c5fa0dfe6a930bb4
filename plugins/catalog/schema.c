/* The tables of the catalog, version by version.
 *
 * Times are milliseconds since 1970 UTC. A session's counters are kept by triggers, so that they are
 * true whatever changes a photograph. Ids are never used again (AUTOINCREMENT), because clients that
 * were away may still hold events of a deleted row.
 *
 * Each order of a list has an index that ends with `id` and then carries what lists filter by: a
 * page and its total are found in one index without touching a row that is not shown. */
#include "schema.h"

static const char sessions_sql[] =
    "CREATE TABLE catalog_sessions("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " name TEXT NOT NULL CHECK(length(name) > 0),"
    " import_folder TEXT NOT NULL CHECK(length(import_folder) > 0),"
    " created_at INTEGER NOT NULL,"
    " status TEXT NOT NULL DEFAULT 'importing' CHECK(status IN"
    "  ('importing', 'selecting', 'developing', 'exporting', 'completed')),"
    " total_photos INTEGER NOT NULL DEFAULT 0 CHECK(total_photos >= 0),"
    " processed_photos INTEGER NOT NULL DEFAULT 0"
    "  CHECK(processed_photos BETWEEN 0 AND total_photos),"
    " UNIQUE(name, import_folder));";

static const char session_orders_sql[] =
    "CREATE INDEX catalog_sessions_by_created_at ON catalog_sessions(created_at, id, status);"
    "CREATE INDEX catalog_sessions_by_id ON catalog_sessions(id, status);"
    "CREATE INDEX catalog_sessions_by_name ON catalog_sessions(name, id, status);"
    "CREATE INDEX catalog_sessions_by_import_folder ON catalog_sessions"
    "(import_folder, id, status);"
    "CREATE INDEX catalog_sessions_by_status ON catalog_sessions(status, created_at, id);"
    "CREATE INDEX catalog_sessions_by_total_photos ON catalog_sessions(total_photos, id, status);"
    "CREATE INDEX catalog_sessions_by_processed_photos ON catalog_sessions"
    "(processed_photos, id, status);";

static const char photos_sql[] =
    "CREATE TABLE catalog_photos("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " session_id INTEGER REFERENCES catalog_sessions(id) ON DELETE CASCADE,"
    " file_path TEXT NOT NULL UNIQUE CHECK(length(file_path) > 0),"
    " file_name TEXT NOT NULL CHECK(length(file_name) > 0),"
    " file_size INTEGER NOT NULL CHECK(file_size >= 0),"
    " content_hash TEXT NOT NULL UNIQUE CHECK(length(content_hash) = 64),"
    " import_time INTEGER NOT NULL,"
    " camera_make TEXT, camera_model TEXT, lens TEXT, focal_length NUMERIC, aperture NUMERIC,"
    " shutter_speed TEXT, iso INTEGER, capture_time INTEGER,"
    " width INTEGER CHECK(width > 0), height INTEGER CHECK(height > 0),"
    " orientation INTEGER CHECK(orientation BETWEEN 1 AND 8),"
    " gps_lat NUMERIC CHECK(gps_lat BETWEEN -90 AND 90),"
    " gps_lon NUMERIC CHECK(gps_lon BETWEEN -180 AND 180),"
    " rating INTEGER CHECK(rating BETWEEN -1 AND 5),"
    " ai_score NUMERIC CHECK(ai_score BETWEEN 1 AND 5),"
    " focus_score NUMERIC, exposure_score NUMERIC, composition_score NUMERIC,"
    " subject_type TEXT, detected_faces INTEGER NOT NULL DEFAULT 0 CHECK(detected_faces >= 0),"
    " context_tag TEXT, selected_preset TEXT,"
    " status TEXT NOT NULL DEFAULT 'imported' CHECK(status IN"
    "  ('imported', 'analyzed', 'queued', 'processing', 'completed', 'failed', 'rejected')),"
    " is_processed INTEGER AS (status IN ('completed', 'failed', 'rejected')),"
    " approved INTEGER NOT NULL DEFAULT 0 CHECK(approved IN (0, 1)),"
    " approved_at INTEGER, rejection_reason TEXT, warnings TEXT, metadata TEXT);";

static const char photo_orders_sql[] =
    "CREATE INDEX catalog_photos_by_import_time ON catalog_photos"
    "(import_time, id, session_id, status, approved, ai_score);"
    "CREATE INDEX catalog_photos_by_id ON catalog_photos"
    "(id, session_id, status, approved, ai_score);"
    "CREATE INDEX catalog_photos_by_capture_time ON catalog_photos"
    "(capture_time, id, session_id, status, approved, ai_score);"
    "CREATE INDEX catalog_photos_by_file_name ON catalog_photos"
    "(file_name, id, session_id, status, approved, ai_score);"
    "CREATE INDEX catalog_photos_by_file_size ON catalog_photos"
    "(file_size, id, session_id, status, approved, ai_score);"
    "CREATE INDEX catalog_photos_by_rating ON catalog_photos"
    "(rating, id, session_id, status, approved, ai_score);"
    "CREATE INDEX catalog_photos_by_focus_score ON catalog_photos"
    "(focus_score, id, session_id, status, approved, ai_score);"
    "CREATE INDEX catalog_photos_by_exposure_score ON catalog_photos"
    "(exposure_score, id, session_id, status, approved, ai_score);"
    "CREATE INDEX catalog_photos_by_composition_score ON catalog_photos"
    "(composition_score, id, session_id, status, approved, ai_score);"
    "CREATE INDEX catalog_photos_by_ai_score ON catalog_photos"
    "(ai_score, id, session_id, status, approved);"
    "CREATE INDEX catalog_photos_by_status ON catalog_photos"
    "(status, import_time, id, session_id, approved, ai_score);"
    "CREATE INDEX catalog_photos_by_session ON catalog_photos"
    "(session_id, import_time, id, status, approved, ai_score);";

/* A path may have held other contents before, and a content may have been found at many paths. */
static const char sources_sql[] =
    "CREATE TABLE catalog_sources("
    " path TEXT NOT NULL CHECK(length(path) > 0),"
    " photo_id INTEGER NOT NULL REFERENCES catalog_photos(id) ON DELETE CASCADE,"
    " seen_at INTEGER NOT NULL,"
    " PRIMARY KEY(path, photo_id)) WITHOUT ROWID;"
    "CREATE INDEX catalog_sources_by_photo ON catalog_sources(photo_id, seen_at);";

/* The files of a photograph: the original, and what came with it. A path belongs to one photograph; one
 * content may be in many files, as two photographs may have the same sidecar. */
static const char files_sql[] =
    "CREATE TABLE catalog_files("
    " id INTEGER PRIMARY KEY,"
    " photo_id INTEGER NOT NULL REFERENCES catalog_photos(id) ON DELETE CASCADE,"
    " role TEXT NOT NULL CHECK(role IN"
    "  ('original', 'rendition', 'sidecar', 'audio', 'video', 'thumbnail')),"
    " path TEXT NOT NULL UNIQUE CHECK(length(path) > 0),"
    " bytes INTEGER NOT NULL CHECK(bytes >= 0),"
    " content_hash TEXT NOT NULL CHECK(length(content_hash) = 64));"
    "CREATE INDEX catalog_files_by_photo ON catalog_files(photo_id);"
    "CREATE INDEX catalog_files_by_content ON catalog_files(content_hash, role);"
    "INSERT INTO catalog_files(photo_id, role, path, bytes, content_hash)"
    " SELECT id, 'original', file_path, file_size, content_hash FROM catalog_photos;";

static const char counters_sql[] =
    "CREATE TRIGGER catalog_photos_added AFTER INSERT ON catalog_photos BEGIN"
    " UPDATE catalog_sessions SET total_photos = total_photos + 1,"
    "  processed_photos = processed_photos + new.is_processed WHERE id = new.session_id;"
    "END;"
    "CREATE TRIGGER catalog_photos_deleted AFTER DELETE ON catalog_photos BEGIN"
    " UPDATE catalog_sessions SET total_photos = total_photos - 1,"
    "  processed_photos = processed_photos - old.is_processed WHERE id = old.session_id;"
    "END;"
    "CREATE TRIGGER catalog_photos_changed AFTER UPDATE OF session_id, status ON catalog_photos"
    " WHEN old.session_id IS NOT new.session_id OR old.is_processed <> new.is_processed BEGIN"
    " UPDATE catalog_sessions SET total_photos = total_photos - 1,"
    "  processed_photos = processed_photos - old.is_processed WHERE id = old.session_id;"
    " UPDATE catalog_sessions SET total_photos = total_photos + 1,"
    "  processed_photos = processed_photos + new.is_processed WHERE id = new.session_id;"
    "END;";

/* When a photograph was decided on and processed, and how long that took: what statistics count. Each
 * of their questions is one range of one index. */
static const char statistics_sql[] =
    "ALTER TABLE catalog_photos ADD COLUMN rejected_at INTEGER;"
    "ALTER TABLE catalog_photos ADD COLUMN processing_at INTEGER;"
    "ALTER TABLE catalog_photos ADD COLUMN processed_at INTEGER;"
    "ALTER TABLE catalog_photos ADD COLUMN processing_ms INTEGER;"
    "CREATE INDEX catalog_photos_of_time ON catalog_photos(import_time, approved, selected_preset,"
    " subject_type, ai_score, focus_score, exposure_score, composition_score);"
    "CREATE INDEX catalog_photos_of_processing ON catalog_photos(processed_at, processing_ms)"
    " WHERE processed_at IS NOT NULL;"
    "CREATE INDEX catalog_photos_of_approval ON catalog_photos(approved_at)"
    " WHERE approved_at IS NOT NULL;"
    "CREATE INDEX catalog_photos_of_rejection ON catalog_photos(rejected_at)"
    " WHERE rejected_at IS NOT NULL;"
    "CREATE INDEX catalog_photos_of_preset ON catalog_photos(selected_preset, import_time, "
    "approved)"
    " WHERE selected_preset IS NOT NULL;";

/* Sessions that are being deleted, with the names that they had. */
static const char deletions_sql[] =
    "CREATE TABLE catalog_deletions("
    " session_id INTEGER PRIMARY KEY REFERENCES catalog_sessions(id) ON DELETE CASCADE,"
    " name TEXT NOT NULL);";

static const jm_migration migrations[] = {
    {1, 0, sessions_sql},     {2, 0, session_orders_sql}, {3, 0, photos_sql},
    {4, 0, photo_orders_sql}, {5, 0, sources_sql},        {6, 0, counters_sql},
    {7, 0, files_sql},        {8, 0, statistics_sql},     {9, 0, deletions_sql},
};

jm_status catalog_schema_declare(const struct catalog *catalog)
{
    return catalog->store->migrate(catalog->host, migrations, JM_COUNT(migrations));
}
