/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "skt-answer-entry.h"

G_BEGIN_DECLS

/* Where a rule for answers is written. What can't be used is told at its place while it is typed, and can't be saved.
 * Signal: saved (SktAnswerEntry). It closes itself. */
#define SOCKETEER_TYPE_ANSWER_DIALOG (socketeer_answer_dialog_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerAnswerDialog, socketeer_answer_dialog, SOCKETEER, ANSWER_DIALOG, AdwWindow)

/* `entry` NULL: a new one. */
SocketeerAnswerDialog *socketeer_answer_dialog_new (GtkWindow *parent, SktAnswerEntry *entry, SktEncoding encoding);

G_END_DECLS
