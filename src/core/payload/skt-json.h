/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Members of an object from a file nobody has checked. A member that is missing (or null) is no error: the value stays as it is. One of another
 * type or outside of its range is SKT_ERROR_BAD_FILE; the message names it, and nothing is changed. Any thread. */

/* Borrowed from the object. Valid UTF-8; a NUL inside is an error. */
gboolean skt_json_read_string (JsonObject *tainted_object, const char *name, const char **value, GError **error);
gboolean skt_json_read_boolean (JsonObject *tainted_object, const char *name, gboolean *value, GError **error);
/* A whole number, min..max. */
gboolean
skt_json_read_int (JsonObject *tainted_object, const char *name, gint64 min, gint64 max, gint64 *value, GError **error);
/* One of `names` (NULL-terminated): its index. */
gboolean skt_json_read_choice (JsonObject *tainted_object,
                               const char *name,
                               const char *const *names,
                               guint *value,
                               GError **error);
/* Borrowed from the object. */
gboolean skt_json_read_object (JsonObject *tainted_object, const char *name, JsonObject **value, GError **error);
gboolean skt_json_read_array (JsonObject *tainted_object, const char *name, JsonArray **value, GError **error);

/* An object that begins with what kind of file it is in and the version of that kind. (transfer full) */
JsonObject *skt_json_object_new (const char *format, int version);
/* FALSE and SKT_ERROR_BAD_FILE for a file of another kind, whose message is `other_message` (borrowed, translated), and for one of a newer
 * version: to be read in part would mean to lose the rest when it is written again. One without a version is of the first. */
gboolean skt_json_check_format (JsonObject *tainted_object,
                                const char *format,
                                int version,
                                const char *other_message,
                                GError **error);

/* The object that a text is; NULL and SKT_ERROR_BAD_FILE (with line and column) if it is none. Nothing is deeper than 32 levels. (transfer full) */
JsonObject *skt_json_parse (const char *tainted_text, gssize length, GError **error);
/* The same for a text that is an object or an array. (transfer full) */
JsonNode *skt_json_parse_node (const char *tainted_text, gssize length, GError **error);
/* Indented, with a line feed at the end. (transfer full) */
char *skt_json_format (JsonObject *object, gsize *ret_length);

G_END_DECLS
