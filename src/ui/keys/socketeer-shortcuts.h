/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The groups of the overlay, in its order. */
typedef enum
{
  SOCKETEER_SHORTCUTS_TABS,
  SOCKETEER_SHORTCUTS_CONNECTION,
  SOCKETEER_SHORTCUTS_MESSAGE,
  SOCKETEER_SHORTCUTS_PANES,
  SOCKETEER_SHORTCUTS_TRANSCRIPT,
  SOCKETEER_SHORTCUTS_BYTES,
  SOCKETEER_SHORTCUTS_FIND,
  SOCKETEER_SHORTCUTS_LISTS,
  SOCKETEER_SHORTCUTS_PROGRAM,
  SOCKETEER_N_SHORTCUT_GROUPS
} SocketeerShortcutGroup;

/* Where a key counts that is no accelerator of the application: the name of a widget's part, or one of these. */
#define SOCKETEER_SHORTCUT_APPLICATION "application" /* everywhere in the program */
#define SOCKETEER_SHORTCUT_CLASS "class"             /* a binding of one of our own classes */
#define SOCKETEER_SHORTCUT_TOOLKIT "toolkit"         /* the toolkit does it: it is only listed */

typedef struct
{
  SocketeerShortcutGroup group;
  const char *title;  /* not translated yet; NULL: the entry belongs to the line of the one before */
  const char *place;
  const char *action; /* detailed name; with a dot before it: what the place's function is called with; NULL: CLASS, TOOLKIT */
  const char *keys;   /* triggers with spaces between them, "..." between the ends of a range of digits */
  const char *also;   /* names that the same keys have elsewhere on keyboards, not listed. NULL: none */
} SocketeerShortcut;

/* All there are: the one table. Static. */
const SocketeerShortcut *socketeer_shortcuts_list (guint *ret_n);
const char *socketeer_shortcuts_get_group_title (SocketeerShortcutGroup group);

/* All triggers of an entry, ranges as what is in them. (transfer full) */
GStrv socketeer_shortcut_dup_triggers (const SocketeerShortcut *self);

/* Sets the accelerators of the application. */
void socketeer_shortcuts_set_accelerators (GtkApplication *application);

/* name: the entry's action without the dot. FALSE: the key goes on to others. */
typedef gboolean (*SocketeerShortcutFunc) (GtkWidget *widget, const char *name, gpointer user_data);

/* Adds the keys of a place to the widget. `func` is for those that are no actions, and may be NULL if there are none; `user_data` must
 * live as long as the widget can get keys. phase: CAPTURE: before the widget and its children see them. */
void socketeer_shortcuts_add (GtkWidget *widget,
                              const char *place,
                              GtkPropagationPhase phase,
                              SocketeerShortcutFunc func,
                              gpointer user_data);

/* The overlay that lists all of them and the keys of presets; modal over the parent. It lives until it is closed. Borrowed. */
GtkWindow *socketeer_shortcuts_create_window (GtkWindow *parent);

G_END_DECLS
