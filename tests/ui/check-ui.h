/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "check-net.h"
#include "check-rows.h"
#include "socketeer-byte-view.h"

G_BEGIN_DECLS

/* What the tests of widgets share: waiting for frames, keys and clicks without a pointer, a byte view in a window. */

/* Journals are made in a temporary folder. */
void check_ui_init (int *argc, char ***argv);
/* Is there a journal that is not closed yet? */
gboolean check_has_sessions (void);

/* A child of the template. */
#define check_child(widget, TYPE, name) \
  ((gpointer) gtk_widget_get_template_child (GTK_WIDGET (widget), TYPE, name))

/* Shows a window of 640 x 400 with this in it, and waits until it is drawn. */
GtkWidget *check_window_new (GtkWidget *child);
/* Destroys it and waits until it is gone. */
void check_window_destroy (GtkWidget *window);

/* Waits for n more frames of the window that the widget is in. */
void check_frames (GtkWidget *widget, guint n);

/* The time in us from the start of each frame to its end; the longest since the last call of it. */
void check_frames_watch (GtkWidget *widget);
gint64 check_frames_take_longest (void);

/* What the widget's class does on a key. FALSE if it does nothing. */
gboolean check_press (GtkWidget *widget, guint keyval, GdkModifierType modifiers);
void check_click (GtkWidget *widget, int n_press, double x, double y);

/* Counts what is signalled. */
typedef struct
{
  guint n;
} CheckCount;
void check_count_notify (gpointer object, const char *property, CheckCount *count);
void check_count_signal (gpointer object, const char *signal, CheckCount *count);

/* Keeps the last string that a signal had as its argument. */
typedef struct
{
  guint n;
  char *text;
} CheckText;
void check_keep_text (gpointer object, const char *signal, CheckText *kept);
void check_text_clear (CheckText *kept);

/* The text on the clipboard. (transfer full) */
char *check_dup_clipboard (GtkWidget *widget);
/* Puts a text there that nobody copies. */
void check_clear_clipboard (GtkWidget *widget);

/* -- A byte view in a window ---------------------------------------------------------------------------------- */

typedef struct
{
  SktJournal *journal;
  GtkWidget *window;
  SocketeerByteView *view;
  GtkAdjustment *h, *v;
} CheckView;

void check_view_set_up (CheckView *self, gconstpointer data);
void check_view_tear_down (CheckView *self, gconstpointer data);
#define check_view_add(path, func) \
  g_test_add (path, CheckView, NULL, check_view_set_up, func, check_view_tear_down)

void check_view_set_layout (CheckView *self, SktView view, SktEncoding encoding);
/* Tells the view, and waits until all is indexed and drawn. */
void check_view_settle (CheckView *self);
/* Adds `n` records of received text, each a line with its number from `from` on. */
void check_view_add_lines (CheckView *self, guint from, guint n);
double check_view_get_upper (CheckView *self);
double check_view_get_end (CheckView *self);
int check_view_get_row_height (CheckView *self);
/* The record of the first and of the last row on the screen. */
guint64 check_view_get_first (CheckView *self);
guint64 check_view_get_last (CheckView *self);

G_END_DECLS
