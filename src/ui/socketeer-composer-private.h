/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "socketeer-composer.h"

#include "socketeer-composer-history.h"
#include "socketeer-message-options.h"

G_BEGIN_DECLS

struct _SocketeerComposer
{
  GtkWidget parent_instance;

  /* template */
  GtkToggleButton *text_button, *hex_button, *base64_button;
  GtkDropDown *encoding_drop_down, *ending_drop_down;
  SocketeerMessageOptions *options;
  GtkLabel *problem_label, *count_label;
  GtkTextView *text_view;
  GtkButton *send_button;
  GtkBox *send_box;
  SocketeerComposerHistory *history;
  GtkLabel *other_label, *note_label;
  GtkEntry *other_entry;
  GtkButton *escape_button;

  /* borrowed */
  GtkTextBuffer *buffer;
  GtkTextTag *bad_tag, *control_tag, *hidden_tag;

  /* owned */
  GCancellable *paste;
  char *other_problem;  /* what was typed in the other representation is none; NULL: it is what is sent */

  guint n_hidden;       /* characters at the ends of very long lines */
  guint64 index;        /* how often this very message was sent */
  guint64 seed;         /* its random bytes are those that are shown */
  gboolean can_send;
  gboolean is_setting;  /* the buffer is being filled, not typed into */
  gboolean is_other_typed;      /* what stands in the other representation is as it was typed */
  /* As chosen when that began: half of it may need another ending, and escapes, and the whole not. */
  SktLineEnding other_ending;
  gboolean other_has_escapes;
  gboolean is_rewriting;/* from the other representation */
};

/* What is typed and chosen. The source is *ret_source. */
void _socketeer_composer_fill_settings (SocketeerComposer *self, SktMessageSettings *ret_settings, char **ret_source);
/* Everything that depends on what is typed and chosen, anew. */
void _socketeer_composer_update (SocketeerComposer *self);
/* In place of what is typed, so that it can be undone. */
void _socketeer_composer_replace_text (SocketeerComposer *self, const char *text);
/* Chooses the form, encoding and so on, as if the user did. */
void _socketeer_composer_apply_settings (SocketeerComposer *self, const SktMessageSettings *settings);

/* -- The other representation -- */
void _socketeer_composer_preview_init (SocketeerComposer *self);
/* `bytes`: what is sent, or NULL if that is not known, for the reason `why` (or none). */
void _socketeer_composer_preview_update (SocketeerComposer *self, SktMessage *message, GBytes *bytes, const char *why);

/* -- Control characters -- */
void _socketeer_composer_paste_init (SocketeerComposer *self);
/* Marks those in the text, which would not be seen. Returns what is to be said of them, or NULL. (transfer full) */
char *_socketeer_composer_mark_controls (SocketeerComposer *self, const SktMessageSettings *settings);
/* Makes escapes of them, and switches escapes on. */
void _socketeer_composer_escape_controls (SocketeerComposer *self);

G_END_DECLS
