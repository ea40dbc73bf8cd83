/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-find-bar.h"

#include <glib/gi18n.h>
#include <string.h>

#include "skt-hex.h"
#include "socketeer-entry.h"
#include "socketeer-format.h"
#include "socketeer-notify.h"
#include "socketeer-shortcuts.h"
#include "socketeer-wrap-layout.h"

#define TYPING_MS 120
#define MARKS_MS 200
/* A mistake that is gone with the next key is not told: half a byte of hex is one at every other key. */
#define PROBLEM_MS 600
/* Counting that takes longer than this can be stopped. */
#define STOP_MS 700
/* Bytes of a selection that are put into the entry. */
#define MAX_SELECTION 256
/* Places of the scrollbar for which the payload's offset is asked; between them it is taken as even. */
#define N_SAMPLES 32

struct _SocketeerFindBar
{
  GtkWidget parent_instance;

  /* template */
  GtkRevealer *revealer;
  GtkEntry *entry;
  GtkDropDown *kind_drop_down;
  GtkToggleButton *case_button;
  GtkLabel *count_label, *problem_label;
  GtkButton *stop_button, *previous_button, *next_button, *close_button;

  /* borrowed */
  SocketeerByteView *view;
  SocketeerHitMarks *marks;

  /* owned */
  SktJournal *journal;
  SktLayout *layout;
  SktSearch *search;    /* NULL: nothing to search for */
  GCancellable *finding;
  guint typing_id, marks_id, stop_id, problem_id;
  char *problem;        /* what is wrong with what was typed */

  SktPosition origin;   /* where one looked when one began to type */
  SktHit hit;
  gboolean has_hit;
  gboolean had_none;    /* nothing was found yet of what was typed, or of a cleared journal */
  gboolean is_stopped;
  gboolean is_open;
};

G_DEFINE_FINAL_TYPE (SocketeerFindBar, socketeer_find_bar, GTK_TYPE_WIDGET)

static const char *
get_text (SocketeerFindBar *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->entry));
}

static SktPatternKind
get_kind (SocketeerFindBar *self)
{
  return gtk_drop_down_get_selected (self->kind_drop_down);
}

/* -- What is told ---------------------------------------------------------------------------------------------- */

static char *
dup_count (SocketeerFindBar *self)
{
  guint64 n_hits = skt_search_get_n_hits (self->search);
  guint64 number = self->has_hit ? skt_search_get_number (self->search, &self->hit) : 0;
  gboolean is_done = skt_search_is_done (self->search) && !self->is_stopped;
  const char *more = is_done ? "" : "…";
  g_autofree char *all = socketeer_format_count (n_hits);
  g_autofree char *this = socketeer_format_count (number);
  g_autofree char *text = NULL;

  if (n_hits == 0)
    return g_strdup (is_done ? _ ("No matches") : self->is_stopped ? _ ("Stopped") : _ ("Searching…"));
  if (number > 0 && number <= n_hits)
    /* Translators: which match of how many: “3 of 1,204” */
    text = g_strdup_printf (_ ("%s of %s"), this, all);
  else
    /* Translators: %s is a number */
    text = g_strdup_printf (ngettext ("%s match", "%s matches", n_hits), all);
  return g_strconcat (text, more, NULL);
}

static void
update_count (SocketeerFindBar *self)
{
  g_autofree char *text = self->search != NULL ? dup_count (self) : g_strdup ("");
  gboolean is_busy = self->search != NULL && !skt_search_is_done (self->search);
  gboolean can_step = self->search != NULL;

  if (g_strcmp0 (gtk_label_get_label (self->count_label), text) != 0)
    gtk_label_set_label (self->count_label, text);
  gtk_entry_set_progress_fraction (self->entry, is_busy ? skt_search_get_progress (self->search) : 0);
  gtk_widget_set_sensitive (GTK_WIDGET (self->previous_button), can_step);
  gtk_widget_set_sensitive (GTK_WIDGET (self->next_button), can_step);
  if (!is_busy)
    gtk_widget_set_visible (GTK_WIDGET (self->stop_button), FALSE);
}

/* Where the hits are along the scrollbar: the payload is measured at some rows. */
static void
update_marks (SocketeerFindBar *self)
{
  SktPosition positions[N_SAMPLES + 1];
  guint64 bounds[SOCKETEER_N_HIT_MARKS + 1];
  guint8 marks[SOCKETEER_N_HIT_MARKS];
  const guint per_sample = SOCKETEER_N_HIT_MARKS / N_SAMPLES;

  if (self->search == NULL || skt_search_get_n_hits (self->search) == 0
      || !socketeer_byte_view_sample (self->view, positions, N_SAMPLES))
    {
      socketeer_hit_marks_set (self->marks, NULL);
      return;
    }
  bounds[0] = skt_search_get_offset (self->search, positions[0]);
  for (guint i = 0; i < N_SAMPLES; i++)
    {
      guint64 begin = bounds[i * per_sample];
      guint64 end = MAX (begin, skt_search_get_offset (self->search, positions[i + 1]));

      guint64 part = (end - begin) / per_sample, rest = (end - begin) % per_sample;

      for (guint k = 1; k <= per_sample; k++)
        bounds[i * per_sample + k] = begin + part * k + rest * k / per_sample;
    }
  skt_search_get_marks (self->search, bounds, SOCKETEER_N_HIT_MARKS, marks);
  socketeer_hit_marks_set (self->marks, marks);
}

static gboolean
marks_cb (gpointer user_data)
{
  SocketeerFindBar *self = user_data;

  self->marks_id = 0;
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    update_marks (self);
  return G_SOURCE_REMOVE;
}

static void
queue_marks (SocketeerFindBar *self)
{
  if (self->marks_id == 0)
    self->marks_id = g_timeout_add (MARKS_MS, marks_cb, self);
}

/* Somebody waits for it, perhaps in another window. That there are more and more of what there was is not told. */
static void
notify_first (SocketeerFindBar *self)
{
  guint64 n = skt_search_get_n_hits (self->search);
  g_autofree char *text = NULL;

  if (n > 0 && self->had_none)
    {
      /* Translators: in a notification: what was searched for, as it was typed */
      text = g_strdup_printf (_ ("“%s” was found"), get_text (self));
      socketeer_notify (GTK_WIDGET (self), SOCKETEER_NOTIFY_MATCH, n, NULL, text);
    }
  if (n > 0)
    self->had_none = FALSE;
  else if (skt_search_is_done (self->search))
    self->had_none = TRUE;
}

static void
changed_cb (SktSearch *search, gpointer user_data)
{
  SocketeerFindBar *self = user_data;

  update_count (self);
  queue_marks (self);
  notify_first (self);
}

static gboolean
stop_shown_cb (gpointer user_data)
{
  SocketeerFindBar *self = user_data;

  self->stop_id = 0;
  gtk_widget_set_visible (GTK_WIDGET (self->stop_button), self->search != NULL && !skt_search_is_done (self->search));
  return G_SOURCE_REMOVE;
}

static void
update_problem (SocketeerFindBar *self)
{
  g_clear_handle_id (&self->problem_id, g_source_remove);
  socketeer_entry_set_bad (self->entry, self->problem != NULL);
  gtk_label_set_label (self->problem_label, self->problem != NULL ? self->problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), self->problem != NULL);
}

static gboolean
problem_cb (gpointer user_data)
{
  SocketeerFindBar *self = user_data;

  self->problem_id = 0;
  update_problem (self);
  return G_SOURCE_REMOVE;
}

static void
set_problem (SocketeerFindBar *self, const char *problem)
{
  g_free (self->problem);
  self->problem = g_strdup (problem);
  if (problem == NULL || gtk_widget_get_visible (GTK_WIDGET (self->problem_label)))
    update_problem (self);
  else if (self->problem_id == 0)
    self->problem_id = g_timeout_add (PROBLEM_MS, problem_cb, self);
}

/* -- Going to a hit -------------------------------------------------------------------------------------------- */

typedef struct
{
  SocketeerFindBar *bar; /* owned */
  SktSearch *search;     /* owned */
  gboolean is_shown;     /* go there; else only see whether there still is one */
  gboolean is_step;      /* what is typed next is looked for from there */
  SktPosition from;
} Finding;

static void
finding_free (Finding *finding)
{
  g_object_unref (finding->bar);
  g_object_unref (finding->search);
  g_free (finding);
}

static void
found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Finding *finding = user_data;
  SocketeerFindBar *self = finding->bar;
  g_autoptr (GError) error = NULL;
  SktHit hit;
  gboolean is_found = skt_search_find_finish (SKT_SEARCH (object), result, &hit, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->search != finding->search
      || self->view == NULL)
    {
      finding_free (finding);
      return;
    }
  if (!finding->is_shown)
    is_found = is_found && skt_position_compare (&hit.from, &finding->from) == 0;
  self->has_hit = is_found;
  if (is_found)
    self->hit = hit;
  if (is_found && finding->is_step)
    self->origin = hit.from;
  if (is_found && finding->is_shown)
    socketeer_byte_view_show_hit (self->view, &hit);
  else if (is_found)
    socketeer_byte_view_set_hit (self->view, &hit);
  update_count (self);
  finding_free (finding);
}

static void
find (SocketeerFindBar *self, SktPosition from, gboolean is_forward, gboolean is_shown, gboolean is_step)
{
  Finding *finding = g_new0 (Finding, 1);

  g_cancellable_cancel (self->finding);
  g_clear_object (&self->finding);
  self->finding = g_cancellable_new ();
  finding->bar = g_object_ref (self);
  finding->search = g_object_ref (self->search);
  finding->is_shown = is_shown;
  finding->is_step = is_step;
  finding->from = from;
  skt_search_find_async (self->search, from, is_forward, is_shown, self->finding, found_cb, finding);
}

/* -- Searching ------------------------------------------------------------------------------------------------- */

static void
drop_search (SocketeerFindBar *self)
{
  g_cancellable_cancel (self->finding);
  g_clear_object (&self->finding);
  g_clear_handle_id (&self->stop_id, g_source_remove);
  if (self->search == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->search, self);
  skt_search_cancel (self->search);
  g_clear_object (&self->search);
  if (self->view != NULL)
    socketeer_byte_view_set_search (self->view, NULL);
  if (self->marks != NULL)
    socketeer_hit_marks_set (self->marks, NULL);
}

/* Begins anew. is_typed: somebody looks for something, and wants to see it; else the same is looked for in another way
 * of looking, and the view stays where it is. */
static void
restart (SocketeerFindBar *self, gboolean is_typed)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SktPattern) pattern = NULL;

  drop_search (self);
  self->is_stopped = FALSE;
  gtk_widget_set_sensitive (GTK_WIDGET (self->case_button), get_kind (self) != SKT_PATTERN_HEX);
  if (self->is_open && self->journal != NULL && *get_text (self) != '\0')
    pattern = skt_pattern_new (get_kind (self), get_text (self), skt_layout_get_encoding (self->layout),
                               gtk_toggle_button_get_active (self->case_button), NULL, &error);
  set_problem (self, error != NULL ? error->message : NULL);
  if (pattern != NULL)
    {
      self->search = skt_search_new (self->journal, self->layout, pattern);
      g_signal_connect (self->search, "changed", G_CALLBACK (changed_cb), self);
      socketeer_byte_view_set_search (self->view, self->search);
      self->stop_id = g_timeout_add (STOP_MS, stop_shown_cb, self);
      if (is_typed)
        find (self, self->origin, TRUE, TRUE, FALSE);
      else if (self->has_hit)
        find (self, self->hit.from, TRUE, FALSE, FALSE);
    }
  self->has_hit = self->has_hit && !is_typed;
  self->had_none = self->had_none || is_typed;
  update_count (self);
}

static void
end_typing (SocketeerFindBar *self)
{
  if (self->typing_id == 0)
    return;
  g_clear_handle_id (&self->typing_id, g_source_remove);
  restart (self, TRUE);
}

static gboolean
typing_cb (gpointer user_data)
{
  SocketeerFindBar *self = user_data;

  self->typing_id = 0;
  restart (self, TRUE);
  return G_SOURCE_REMOVE;
}

static void
typed_cb (SocketeerFindBar *self)
{
  g_clear_handle_id (&self->typing_id, g_source_remove);
  self->typing_id = g_timeout_add (TYPING_MS, typing_cb, self);
}

static void
choice_changed_cb (SocketeerFindBar *self)
{
  g_clear_handle_id (&self->typing_id, g_source_remove);
  restart (self, TRUE);
}

static void
stop_cb (SocketeerFindBar *self)
{
  if (self->search == NULL)
    return;
  self->is_stopped = TRUE;
  skt_search_cancel (self->search);
  gtk_widget_set_visible (GTK_WIDGET (self->stop_button), FALSE);
  update_count (self);
}

/* -- Stepping -------------------------------------------------------------------------------------------------- */

void
socketeer_find_bar_step (SocketeerFindBar *self, gboolean is_forward)
{
  SktPosition from;
  gboolean is_at_hit;

  g_return_if_fail (SOCKETEER_IS_FIND_BAR (self));

  if (!self->is_open || *get_text (self) == '\0')
    {
      gboolean has_text = *get_text (self) != '\0';

      socketeer_find_bar_open (self);
      if (!has_text || self->search == NULL)
        return;
    }
  if (self->typing_id != 0)
    {
      end_typing (self);
      return;
    }
  if (self->search == NULL)
    return;

  is_at_hit = self->has_hit && socketeer_byte_view_is_at_hit (self->view, &self->hit);
  from = is_at_hit ? self->hit.from : socketeer_byte_view_get_place (self->view);
  if (is_at_hit && is_forward)
    from.begin++;
  find (self, from, is_forward, TRUE, TRUE);
}

static void
next_cb (SocketeerFindBar *self)
{
  socketeer_find_bar_step (self, TRUE);
}

static void
previous_cb (SocketeerFindBar *self)
{
  socketeer_find_bar_step (self, FALSE);
}

static gboolean
key_cb (GtkWidget *widget, const char *name, gpointer user_data)
{
  socketeer_find_bar_close (user_data);
  return GDK_EVENT_STOP;
}

static gboolean
entry_key_cb (GtkWidget *widget, const char *name, gpointer user_data)
{
  socketeer_find_bar_step (user_data, g_str_equal (name, "next"));
  return GDK_EVENT_STOP;
}

/* -- The selection --------------------------------------------------------------------------------------------- */

static gboolean
is_printable (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (!g_unichar_isprint (g_utf8_get_char (p)))
      return FALSE;
  return *text != '\0';
}

/* What is selected, if it is short: as text if the text is those bytes and can be typed, else as hex. */
static char *
dup_selection (SocketeerFindBar *self, SktPatternKind *ret_kind)
{
  g_autoptr (SktJournalReader) reader = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GBytes) encoded = NULL;
  g_autofree char *text = NULL;
  g_autofree char *hex = NULL;
  SktRecord first, last;
  SktPosition from, to;

  if (self->journal == NULL || !socketeer_byte_view_get_selection (self->view, &from, &to))
    return NULL;
  reader = skt_journal_reader_new (self->journal);
  if (!skt_journal_reader_get_record (reader, from.record, &first)
      || !skt_journal_reader_get_record (reader, to.record, &last)
      || last.offset + to.begin - first.offset - from.begin > MAX_SELECTION)
    return NULL;

  text = skt_selection_copy (self->journal, self->layout, from, to, SKT_COPY_TEXT, NULL, NULL, NULL);
  hex = skt_selection_copy (self->journal, self->layout, from, to, SKT_COPY_HEX, NULL, NULL, NULL);
  bytes = hex != NULL ? skt_hex_parse (hex, -1, NULL, NULL) : NULL;
  if (bytes == NULL || g_bytes_get_size (bytes) == 0)
    return NULL;
  encoded = text != NULL && g_utf8_validate (text, -1, NULL)
                ? skt_encoding_encode (skt_layout_get_encoding (self->layout), text, -1, NULL, NULL)
                : NULL;
  if (skt_layout_has_text (self->layout) && encoded != NULL && g_bytes_equal (encoded, bytes) && is_printable (text))
    {
      *ret_kind = SKT_PATTERN_TEXT;
      return g_steal_pointer (&text);
    }
  *ret_kind = SKT_PATTERN_HEX;
  return g_strdelimit (g_steal_pointer (&hex), "\r\n", ' ');
}

/* FALSE: nothing that is short enough is selected. */
static gboolean
take_selection (SocketeerFindBar *self)
{
  SktPatternKind kind;
  g_autofree char *text = NULL;

  /* The hit that was gone to is selected as well: who looks for it again means the same expression. */
  if (self->has_hit && socketeer_byte_view_is_at_hit (self->view, &self->hit))
    return FALSE;
  text = dup_selection (self, &kind);
  if (text == NULL)
    return FALSE;
  gtk_drop_down_set_selected (self->kind_drop_down, kind);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
  return TRUE;
}

/* -- Opening and closing --------------------------------------------------------------------------------------- */

static void
reveal (SocketeerFindBar *self)
{
  if (self->is_open)
    return;
  self->is_open = TRUE;
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
}

/* All of it is selected before it has the focus: GTK 4.8 warns of a cursor that blinks in a selection. */
static void
focus_entry (SocketeerFindBar *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->entry)))
    gtk_widget_grab_focus (GTK_WIDGET (self->view));
  gtk_editable_select_region (GTK_EDITABLE (self->entry), 0, -1);
  gtk_entry_grab_focus_without_selecting (self->entry);
}

void
socketeer_find_bar_open (SocketeerFindBar *self)
{
  gboolean was_open;

  g_return_if_fail (SOCKETEER_IS_FIND_BAR (self));

  was_open = self->is_open;
  self->origin = socketeer_byte_view_get_place (self->view);
  reveal (self);
  take_selection (self);
  if (!was_open && self->typing_id == 0)
    restart (self, FALSE);
  focus_entry (self);
}

void
socketeer_find_bar_find_selection (SocketeerFindBar *self)
{
  g_return_if_fail (SOCKETEER_IS_FIND_BAR (self));

  self->origin = socketeer_byte_view_get_place (self->view);
  if (!take_selection (self))
    {
      if (!self->is_open)
        socketeer_find_bar_open (self);
      return;
    }
  reveal (self);
  g_clear_handle_id (&self->typing_id, g_source_remove);
  restart (self, TRUE);
}

void
socketeer_find_bar_close (SocketeerFindBar *self)
{
  GtkRoot *root;
  GtkWidget *focus;

  g_return_if_fail (SOCKETEER_IS_FIND_BAR (self));

  if (!self->is_open)
    return;
  self->is_open = FALSE;
  g_clear_handle_id (&self->typing_id, g_source_remove);
  drop_search (self);
  update_count (self);
  set_problem (self, NULL);
  root = gtk_widget_get_root (GTK_WIDGET (self));
  focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  if (focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self)))
    gtk_widget_grab_focus (GTK_WIDGET (self->view));
  gtk_revealer_set_reveal_child (self->revealer, FALSE);
}

gboolean
socketeer_find_bar_is_open (SocketeerFindBar *self)
{
  g_return_val_if_fail (SOCKETEER_IS_FIND_BAR (self), FALSE);
  return self->is_open;
}

/* Once it has slid away nothing of it can be reached by keyboard. */
static void
revealed_cb (GtkRevealer *revealer, GParamSpec *pspec, gpointer user_data)
{
  SocketeerFindBar *self = user_data;

  if (!gtk_revealer_get_child_revealed (revealer) && !self->is_open)
    gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/* -- What is searched ------------------------------------------------------------------------------------------ */

/* The journal was cleared. */
static void
reloaded_cb (SocketeerByteView *view, gpointer user_data)
{
  restart (user_data, FALSE);
}

void
socketeer_find_bar_set_views (SocketeerFindBar *self, SocketeerByteView *view, SocketeerHitMarks *marks)
{
  g_return_if_fail (SOCKETEER_IS_FIND_BAR (self));

  self->view = view;
  self->marks = marks;
  g_signal_connect_object (view, "reloaded", G_CALLBACK (reloaded_cb), self, 0);
}

void
socketeer_find_bar_set_journal (SocketeerFindBar *self, SktJournal *journal, SktLayout *layout)
{
  g_return_if_fail (SOCKETEER_IS_FIND_BAR (self));
  g_return_if_fail (journal == NULL || layout != NULL);

  drop_search (self);
  if (journal != self->journal)
    self->has_hit = FALSE;
  g_clear_pointer (&self->journal, skt_journal_unref);
  g_clear_pointer (&self->layout, skt_layout_unref);
  if (journal != NULL)
    {
      self->journal = skt_journal_ref (journal);
      self->layout = skt_layout_ref (layout);
    }
  if (self->is_open && self->typing_id == 0)
    restart (self, FALSE);
}

void
socketeer_find_bar_update (SocketeerFindBar *self)
{
  g_return_if_fail (SOCKETEER_IS_FIND_BAR (self));

  if (self->search == NULL)
    return;
  skt_search_update (self->search);
  queue_marks (self);
}

/* -- GObject --------------------------------------------------------------------------------------------------- */

static void
socketeer_find_bar_dispose (GObject *object)
{
  SocketeerFindBar *self = SOCKETEER_FIND_BAR (object);
  GtkWidget *child;

  self->view = NULL;
  self->marks = NULL;
  drop_search (self);
  g_clear_handle_id (&self->typing_id, g_source_remove);
  g_clear_handle_id (&self->marks_id, g_source_remove);
  g_clear_handle_id (&self->problem_id, g_source_remove);
  g_clear_pointer (&self->problem, g_free);
  g_clear_pointer (&self->journal, skt_journal_unref);
  g_clear_pointer (&self->layout, skt_layout_unref);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (socketeer_find_bar_parent_class)->dispose (object);
}

static void
socketeer_find_bar_class_init (SocketeerFindBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = socketeer_find_bar_dispose;
  g_type_ensure (SOCKETEER_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-find-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerFindBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFindBar, entry);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFindBar, kind_drop_down);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFindBar, case_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFindBar, count_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFindBar, problem_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFindBar, stop_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFindBar, previous_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFindBar, next_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerFindBar, close_button);
}

static void
socketeer_find_bar_init (SocketeerFindBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  socketeer_shortcuts_add (GTK_WIDGET (self), "find-bar", GTK_PHASE_BUBBLE, key_cb, self);
  socketeer_shortcuts_add (GTK_WIDGET (self->entry), "find-entry", GTK_PHASE_CAPTURE, entry_key_cb, self);

  g_signal_connect_swapped (self->entry, "changed", G_CALLBACK (typed_cb), self);
  g_signal_connect_swapped (self->kind_drop_down, "notify::selected", G_CALLBACK (choice_changed_cb), self);
  g_signal_connect_swapped (self->case_button, "toggled", G_CALLBACK (choice_changed_cb), self);
  g_signal_connect_swapped (self->next_button, "clicked", G_CALLBACK (next_cb), self);
  g_signal_connect_swapped (self->previous_button, "clicked", G_CALLBACK (previous_cb), self);
  g_signal_connect_swapped (self->stop_button, "clicked", G_CALLBACK (stop_cb), self);
  g_signal_connect_swapped (self->close_button, "clicked", G_CALLBACK (socketeer_find_bar_close), self);
  g_signal_connect (self->revealer, "notify::child-revealed", G_CALLBACK (revealed_cb), self);
  update_count (self);
}
