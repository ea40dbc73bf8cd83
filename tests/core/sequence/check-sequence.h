/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-sequence.h"

G_BEGIN_DECLS

/* Steps in short, each appended to an array of steps. They must be good. */
GPtrArray *check_steps_new (void);
void check_steps_add (GPtrArray *steps, const SktStepSettings *settings);
void check_steps_send (GPtrArray *steps, const char *text); /* with escapes and placeholders */
void check_steps_send_hex (GPtrArray *steps, const char *hex);
void check_steps_wait (GPtrArray *steps, SktMatchKind match, const char *text, guint timeout_ms);
void check_steps_pause (GPtrArray *steps, guint ms);
void check_steps_repeat (GPtrArray *steps, guint to, guint count);
void check_steps_kind (GPtrArray *steps, SktStepKind kind);
/* Takes the array. */
SktSequence *check_sequence_new (GPtrArray *steps);

G_END_DECLS
