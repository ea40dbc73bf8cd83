/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-record.h"

G_BEGIN_DECLS

/* A reason as a clause in words for people, translated: "the peer closed the connection (FIN)", "refused: nothing listens on this
 * port (RST in answer to SYN)". `code` is an errno for SKT_REASON_OTHER. (transfer full) */
char *skt_reason_to_text (SktReason reason, int code);

/* What to do next, one sentence, translated, or NULL. Static. `is_listening`: the reason is that of a failed Listen. */
const char *skt_reason_get_advice (SktReason reason, gboolean is_listening);

/* An event record as a sentence: "connected: 127.0.0.1:40312 → 127.0.0.1:7788". `detail` is the record's payload
 * (may be NULL; UTF-8 is not trusted). (transfer full) */
char *skt_record_to_text (const SktRecord *record, const char *tainted_detail, gssize length);

G_END_DECLS
