/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-sequence-run.h"
#include "socketeer-run-log.h"
#include "socketeer-sequences.h"
#include "socketeer-throttle.h"

G_BEGIN_DECLS

struct _SocketeerSequences
{
  GtkWidget parent_instance;

  /* template */
  GtkStack *stack, *name_stack;
  GtkDropDown *drop_down;
  GtkEntry *name_entry;
  GtkListBox *list;
  GtkLabel *problem_label, *file_label, *status_label;
  GtkButton *run_button;
  GtkWidget *spinner, *log_box;
  SocketeerRunLog *log;

  /* borrowed */
  SocketeerPage *page; /* NULL: closed */

  /* owned */
  SktSequenceStore *store;
  SktSequence *current; /* NULL: there is none */
  GPtrArray *runs; /* SktSequenceRun: of the last Run, those that have ended too */
  AdwToast *undo_toast; /* NULL: nothing can be undone */
  GtkWindow *dialog; /* weak: a step's */
  GtkFileChooserNative *chooser;

  guint index; /* of the current one in the store */
  guint n_passed, n_failed, n_stopped; /* of the runs */
  guint shown_step; /* that is marked, from 1; 0: none */
  gboolean is_updating;
  gboolean was_running; /* as was told */
};

/* Running. */
void _socketeer_sequences_run_class_init (GtkWidgetClass *klass);
void _socketeer_sequences_stop (SocketeerSequences *self, gboolean forget);
void _socketeer_sequences_run_update (SocketeerSequences *self);
/* The step that is at work of the sequence that is shown, from 1; 0: none. */
guint _socketeer_sequences_get_step (SocketeerSequences *self);

/* The list of steps. */
void _socketeer_sequences_steps_class_init (GtkWidgetClass *klass);
void _socketeer_sequences_steps_init (SocketeerSequences *self);
/* Made anew for the current sequence; that row is chosen. */
void _socketeer_sequences_steps_fill (SocketeerSequences *self, guint selected);
void _socketeer_sequences_steps_update (SocketeerSequences *self);
guint _socketeer_sequences_steps_get_selected (SocketeerSequences *self);

/* Puts it in place of the current one. */
void _socketeer_sequences_change (SocketeerSequences *self, SktSequence *sequence, guint selected);
/* Says what was deleted; “Undo” puts `before` back in its place. */
void _socketeer_sequences_offer_undo (SocketeerSequences *self, const char *what, SktSequence *before, gboolean was_deleted);

G_END_DECLS
