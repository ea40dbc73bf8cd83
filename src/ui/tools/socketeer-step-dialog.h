/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "skt-sequence.h"

G_BEGIN_DECLS

/* Where a step of a sequence is put together. What is wrong with it is said while it is typed. Modal; closes itself.
 * Signal: done (pointer: SktStep, borrowed): this is it. */
#define SOCKETEER_TYPE_STEP_DIALOG (socketeer_step_dialog_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerStepDialog, socketeer_step_dialog, SOCKETEER, STEP_DIALOG, AdwWindow)

/* Begins with that step; with settings that can't be used yet when `step` is NULL, of that kind. `number`: which step it is or will be, from 1. */
SocketeerStepDialog *socketeer_step_dialog_new (GtkWindow *parent, SktStepKind kind, SktStep *step, guint number);

G_END_DECLS
