/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "skt-sequence.h"

G_BEGIN_DECLS

/* A sequence as it is kept in files: {"name": "…", "steps": [{"kind": "send", "message": {…}}, {"kind": "wait", "match": "text", "text": "OK",
 * "timeout": 5000}, …]}. All of it comes back. Any thread. (transfer full) */
JsonObject *skt_sequence_to_json (const SktSequence *self);
/* Error: SKT_ERROR_BAD_FILE, which names the step and the member. (transfer full) */
SktSequence *skt_sequence_from_json (JsonObject *tainted_object, GError **error);

/* Several, as in a file. `sequences`: element-type SktSequence. (transfer full) */
JsonObject *skt_sequences_to_json (GPtrArray *sequences);
/* Error: SKT_ERROR_BAD_FILE. Element-type SktSequence, (transfer full) */
GPtrArray *skt_sequences_from_json (JsonObject *tainted_object, GError **error);

G_END_DECLS
