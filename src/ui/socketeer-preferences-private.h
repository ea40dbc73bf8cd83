/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "socketeer-preferences.h"

#include "skt-retention.h"

G_BEGIN_DECLS

/* Keep-alive of clients or of servers. */
typedef struct
{
  const char *key; /* of the settings: socket options as text */
  AdwExpanderRow *row;
  GtkSpinButton *idle_spin, *interval_spin, *count_spin;
} SocketeerKeepAliveRows;

struct _SocketeerPreferences
{
  AdwPreferencesWindow parent_instance;

  /* template: view */
  AdwComboRow *encoding_row, *width_row, *font_row, *colors_row, *time_row;
  GtkSpinButton *font_size_spin;
  AdwActionRow *received_color_row, *sent_color_row;
  GtkColorButton *received_color_button, *sent_color_button;
  GtkSwitch *peer_switch, *offset_switch, *size_switch;

  /* template: connections */
  GtkSwitch *remember_switch, *reconnect_switch, *listen_again_switch;
  AdwEntryRow *host_row, *address_row;
  GtkSpinButton *connect_port_spin, *timeout_spin, *listen_port_spin, *backlog_spin, *queue_spin;
  AdwComboRow *send_encoding_row, *ending_row;
  SocketeerKeepAliveRows keep_alive[2];

  /* template: storage */
  GtkSwitch *automatic_switch;
  GtkSpinButton *limit_spin, *keep_days_spin, *keep_limit_spin;
  AdwActionRow *limit_row, *folder_row, *keep_limit_row, *kept_row;
  GtkButton *choose_button, *folder_button, *delete_kept_button;

  /* template: notifications */
  GtkSwitch *notify_client_switch, *notify_match_switch, *notify_transfer_switch;

  /* owned */
  GPtrArray *families;       /* names, at the position - 1 of font_row */
  GtkFileChooserNative *chooser;
  GCancellable *cancellable;
  SktRetentionUsage kept;
  guint deleting : 1;        /* what is kept is to be deleted as soon as it cannot be undone any more */
  guint in_change : 1;       /* a setting is being shown, not chosen */
};

void _socketeer_preferences_view_init (SocketeerPreferences *self);
void _socketeer_preferences_connections_init (SocketeerPreferences *self);
void _socketeer_preferences_storage_class_init (GtkWidgetClass *klass);
void _socketeer_preferences_storage_init (SocketeerPreferences *self);
void _socketeer_preferences_storage_dispose (SocketeerPreferences *self);

/* As if it had been chosen in the dialog. */
void _socketeer_preferences_choose_folder (SocketeerPreferences *self, const char *folder);

/* The position of the row is that of the value in `values` (NULL-terminated, static) of a key that is a string, or an integer. */
void _socketeer_preferences_bind_combo (AdwComboRow *row, const char *key, const char *const *values);

/* A text that is no markup. `undo` may be NULL: nothing to be undone; else called with `user_data` when the user wants that. The toast is
 * borrowed. */
AdwToast *_socketeer_preferences_say (SocketeerPreferences *self, const char *text, GCallback undo, gpointer user_data, GClosureNotify destroy);

/* The value that a reset gives to the setting: the default, but for what other windows choose of it. (transfer full) */
GVariant *_socketeer_preferences_dup_default (const char *key);

G_END_DECLS
