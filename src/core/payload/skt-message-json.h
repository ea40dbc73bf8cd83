/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-json.h"
#include "skt-message.h"

G_BEGIN_DECLS

/* A message as it is kept in files: {"form": "text", "source": "AT+GMR", "encoding": "UTF-8", "line-ending": "crlf", "escapes": true, …}. All of its
 * settings come back. Any thread. */

/* "none", "lf", "cr", "crlf", "nul", NULL: for settings and files, never translated. */
extern const char *const skt_line_ending_ids[SKT_N_LINE_ENDINGS + 1];

/* (transfer full) */
JsonObject *skt_message_to_json (const SktMessage *self);

/* What is missing is as in SktMessageSettings of zeros: text, empty, UTF-8, nothing added. What is not known is ignored. Error: SKT_ERROR_BAD_FILE, which
 * names the member. (transfer full) */
SktMessage *skt_message_from_json (JsonObject *tainted_object, GError **error);

G_END_DECLS
