/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-record.h"

G_BEGIN_DECLS

/* A reason as a clause in words for people, translated: "the peer closed the connection (FIN)", "refused: nothing listens on this
 * port (RST in answer to SYN)". `code` is an errno for SKT_REASON_OTHER. (transfer full) */
char *skt_reason_to_text (SktReason reason, int code);

/* What to do next, one sentence, translated, or NULL. Static. `is_listening`: the reason is that of a failed Listen. */
const char *skt_reason_get_advice (SktReason reason, gboolean is_listening);

/* How a connection ended, after how long, whose FIN was first, and what was not delivered, for a list: "peer closed (FIN) after 12.3 s; 5 bytes
 * were left unsent". The record is that of kind CLOSED, or only has a reason and a code. (transfer full) */
char *skt_end_to_text (const SktRecord *record, gint64 duration_us);
/* Adds to the clause *text, which is replaced, what was not delivered, and whose FIN came first where the reason alone does not say it. */
void skt_end_add_details (char **text, const SktRecord *record);
/* The detail of a record CLOSED. (transfer full) */
char *skt_end_dup_detail (gint64 duration_us);

/* An event record as a sentence: "connected: 127.0.0.1:40312 → 127.0.0.1:7788". `detail` is the record's payload
 * (may be NULL; UTF-8 is not trusted). (transfer full) */
char *skt_record_to_text (const SktRecord *record, const char *tainted_detail, gssize length);

G_END_DECLS
