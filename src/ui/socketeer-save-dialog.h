/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "skt-export.h"

G_BEGIN_DECLS

/* What is to be saved, and how. */
typedef struct
{
  SktExportFormat format;
  SktExportDirection direction;
  gboolean selection_only;
} SocketeerSaveChoice;

/* Names of a format and a direction: "received", "sent", "both"; "selection", "selection-received", "selection-sent". FALSE if
 * unknown. */
gboolean socketeer_save_choice_parse (const char *format, const char *direction, SocketeerSaveChoice *ret_choice);

/* A name for the file: “socketeer-20261121-123456-received.bin”. (transfer full) */
char *socketeer_save_choice_dup_file_name (const SocketeerSaveChoice *self);

/* Asks what to save. Modal; closes itself.
 * Signals: chosen (pointer: SocketeerSaveChoice). */
#define SOCKETEER_TYPE_SAVE_DIALOG (socketeer_save_dialog_get_type ())
G_DECLARE_FINAL_TYPE (SocketeerSaveDialog, socketeer_save_dialog, SOCKETEER, SAVE_DIALOG, AdwWindow)

/* Begins with what was chosen the last time. `n_connections`: how many are chosen in the list; 0: all are saved. */
SocketeerSaveDialog *socketeer_save_dialog_new (GtkWindow *parent,
                                                gboolean has_selection,
                                                gboolean prefers_selection,
                                                guint n_connections);

G_END_DECLS
