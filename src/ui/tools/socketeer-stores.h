/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-answer-entry.h"
#include "skt-history.h"
#include "skt-preset-store.h"
#include "skt-recent.h"
#include "skt-sequence-store.h"

G_BEGIN_DECLS

/* What all windows share and what is kept in files, made when it is first asked for. Borrowed. Main thread. */
SktPresetStore *socketeer_stores_get_presets (void);
SktHistory *socketeer_stores_get_history (void);
SktSequenceStore *socketeer_stores_get_sequences (void);
SktAnswerStore *socketeer_stores_get_answers (void);
SktRecent *socketeer_stores_get_recent (void);

/* Writes what has changed, and lets them go. At the end of the program. */
void socketeer_stores_close (void);

G_END_DECLS
