/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-inspector.h"

#include <glib/gi18n.h>
#include <string.h>

#include "skt-byte-walk.h"
#include "skt-digest.h"
#include "skt-inspect.h"
#include "socketeer-settings.h"
#include "socketeer-value-row.h"
#include "socketeer-wrap-layout.h"

/* The longest: "-1.7976931348623157e+308", a time with milliseconds and offset, 2^64 - 1, "0xCBF43926", an MD5. */
#define DOUBLE_CHARS 24
#define TIME_CHARS 30
#define NUMBER_CHARS 20
#define CHECKSUM_CHARS 10
#define HASH_CHARS 32

/* Values of a selection that are no checksums. */
enum
{
  VALUE_LENGTH,
  VALUE_SUM,
  VALUE_DISTINCT,
  VALUE_ENTROPY,
  VALUE_MD5,
  VALUE_SHA_1,
  VALUE_SHA_256,
  N_VALUES,
};

typedef struct
{
  SktJournal *journal; /* NULL: nothing is selected */
  SktLayout *layout;
  SktPosition from, to;
} Range;

struct _SocketeerInspector
{
  GtkWidget parent_instance;

  /* template */
  GtkToggleButton *both_button, *little_button, *big_button;
  GtkButton *close_button, *stop_button;
  GtkStack *stack;
  GtkLabel *selection_hint, *progress_label, *cursor_hint;
  GtkBox *progress_box;
  GtkScrolledWindow *selection_window;
  GtkListBox *selection_list, *cursor_list;

  /* borrowed: children, made when they are first seen; [1]: big endian, NULL if the order doesn't matter */
  SocketeerValueRow *inspect_rows[SKT_N_INSPECT][2];
  SocketeerValueRow *checksum_rows[SKT_N_CHECKSUMS];
  SocketeerValueRow *value_rows[N_VALUES];

  SocketeerByteView *view; /* borrowed */
  guint tick_id;

  /* at the cursor */
  guint8 bytes[SKT_INSPECT_MAX_BYTES];
  gsize n_bytes;
  SktEncoding encoding;
  gboolean is_stale;      /* the rows show something else */
  gboolean has_gb18030;   /* its tables are there */

  /* the selection */
  Range shown;            /* owned: what the rows are about */
  gboolean is_valid;      /* they are, or will be when what runs is done */
  GCancellable *running;  /* owned: the digest under way, of which there is at most one */
  gboolean is_outdated;   /* it is about something else by now */
  gboolean is_stopped;    /* by the user */
};

enum
{
  CLOSE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SocketeerInspector, socketeer_inspector, GTK_TYPE_WIDGET)

/* Only the page that is seen is kept up to date. */
static gboolean
shows_selection (SocketeerInspector *self)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "selection") == 0;
}

/* -- Rows ---------------------------------------------------------------------------------------------------- */

static gboolean
is_time (SktInspect what)
{
  return what == SKT_INSPECT_TIME_32 || what == SKT_INSPECT_TIME_64 || what == SKT_INSPECT_TIME_64_MS;
}

static SocketeerValueRow *
new_inspect_row (SocketeerInspector *self, SktInspect what, gboolean is_big_endian, GtkSizeGroup *names)
{
  g_autofree char *name = NULL, *spoken = NULL;
  gboolean is_wide = is_time (what) || what == SKT_INSPECT_IPV6 || what == SKT_INSPECT_ENCODING;
  gboolean has_two_lines = is_time (what) || what == SKT_INSPECT_IPV6;
  GtkWidget *row;

  if (skt_inspect_has_order (what))
    {
      /* Translators: a value and its byte order, little or big endian: “int32 LE” */
      name = g_strdup_printf (is_big_endian ? _ ("%s BE") : _ ("%s LE"), skt_inspect_get_name (what));
      spoken = g_strdup_printf (is_big_endian ? _ ("%s, big endian") : _ ("%s, little endian"),
                                skt_inspect_get_name (what));
    }
  else
    {
      name = g_strdup (skt_inspect_get_name (what));
      spoken = g_strdup (name);
    }
  row = socketeer_value_row_new (name, spoken, NULL, has_two_lines ? 2 : 1, is_wide ? TIME_CHARS : DOUBLE_CHARS,
                                 is_wide, is_wide ? NULL : names);
  gtk_list_box_append (self->cursor_list, row);
  return SOCKETEER_VALUE_ROW (row);
}

static void
add_cursor_rows (SocketeerInspector *self)
{
  g_autoptr (GtkSizeGroup) names = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);

  for (guint what = 0; what < SKT_N_INSPECT; what++)
    {
      self->inspect_rows[what][0] = new_inspect_row (self, what, FALSE, names);
      if (skt_inspect_has_order (what))
        self->inspect_rows[what][1] = new_inspect_row (self, what, TRUE, names);
    }
}

static SocketeerValueRow *
add_selection_row (SocketeerInspector *self, const char *name, const char *caption, guint n_lines, guint n_chars)
{
  GtkWidget *row = socketeer_value_row_new (name, name, caption, n_lines, n_chars, n_chars >= HASH_CHARS, NULL);

  gtk_list_box_append (self->selection_list, row);
  return SOCKETEER_VALUE_ROW (row);
}

static SocketeerValueRow *
add_checksum_row (SocketeerInspector *self, SktChecksum checksum)
{
  g_autofree char *parameters = skt_checksum_dup_parameters (checksum);
  const char *aliases = skt_checksum_get_aliases (checksum);
  g_autofree char *caption = aliases != NULL ? g_strdup_printf ("%s\n%s", aliases, parameters) : g_strdup (parameters);

  return add_selection_row (self, skt_checksum_get_name (checksum), caption, 1, CHECKSUM_CHARS);
}

static void
add_selection_rows (SocketeerInspector *self)
{
  /* Translators: how many bytes are selected */
  self->value_rows[VALUE_LENGTH] = add_selection_row (self, _ ("Length"), NULL, 1, NUMBER_CHARS);
  /* Translators: how many of the 256 values of a byte occur */
  self->value_rows[VALUE_DISTINCT] = add_selection_row (self, _ ("Distinct bytes"), NULL, 1, CHECKSUM_CHARS);
  self->value_rows[VALUE_ENTROPY] =
    add_selection_row (self, _ ("Entropy"), _ ("bits per byte, of single bytes"), 1, CHECKSUM_CHARS);
  self->value_rows[VALUE_SUM] = add_selection_row (self, _ ("Sum"), _ ("of all bytes, in 64 bits"), 1, NUMBER_CHARS);
  for (guint i = 0; i < SKT_N_CHECKSUMS; i++)
    self->checksum_rows[i] = add_checksum_row (self, i);
  self->value_rows[VALUE_MD5] = add_selection_row (self, "MD5", NULL, 1, HASH_CHARS);
  self->value_rows[VALUE_SHA_1] = add_selection_row (self, "SHA-1", NULL, 2, HASH_CHARS);
  self->value_rows[VALUE_SHA_256] = add_selection_row (self, "SHA-256", NULL, 2, HASH_CHARS);
}

static void
ensure_rows (SocketeerInspector *self)
{
  if (self->inspect_rows[0][0] != NULL)
    return;
  add_cursor_rows (self);
  add_selection_rows (self);
}

/* -- At the cursor ------------------------------------------------------------------------------------------- */

static void
update_order (SocketeerInspector *self)
{
  gboolean shows_little = !gtk_toggle_button_get_active (self->big_button);
  gboolean shows_big = !gtk_toggle_button_get_active (self->little_button);
  gboolean has_encoding = self->encoding != SKT_ENCODING_UTF_8 && self->encoding != SKT_ENCODING_GB18030;

  for (guint what = 0; what < SKT_N_INSPECT; what++)
    if (self->inspect_rows[what][1] != NULL)
      {
        gtk_widget_set_visible (GTK_WIDGET (self->inspect_rows[what][0]), shows_little);
        gtk_widget_set_visible (GTK_WIDGET (self->inspect_rows[what][1]), shows_big);
      }
  gtk_widget_set_visible (GTK_WIDGET (self->inspect_rows[SKT_INSPECT_ENCODING][0]), has_encoding);
}

static void
show_values (SocketeerInspector *self)
{
  const char *encoding = skt_encoding_get_name (self->encoding);

  for (guint what = 0; what < SKT_N_INSPECT; what++)
    for (guint order = 0; order < 2; order++)
      {
        SocketeerValueRow *row = self->inspect_rows[what][order];
        g_autofree char *value = NULL;

        if (row == NULL || (what == SKT_INSPECT_GB18030 && !self->has_gb18030))
          continue;
        value = skt_inspect_dup_value (what, order == 1, self->encoding, NULL, self->bytes, self->n_bytes);
        socketeer_value_row_set_value (row, value);
      }
  socketeer_value_row_set_name (self->inspect_rows[SKT_INSPECT_ENCODING][0], encoding, encoding);
  update_order (self);
}

static void
show_place (SocketeerInspector *self, const SktRecord *record, guint32 begin)
{
  g_autofree char *decimal = g_strdup_printf ("%" G_GUINT64_FORMAT, record->stream_offset + begin);
  g_autofree char *hex = g_strdup_printf ("%" G_GINT64_MODIFIER "X", record->stream_offset + begin);
  /* Translators: where the byte at the cursor is among all those of its direction: decimal, then hexadecimal */
  g_autofree char *place = g_strdup_printf (record->kind == SKT_RECORD_SENT ? _ ("Sent, offset %s (0x%s)")
                                                                            : _ ("Received, offset %s (0x%s)"),
                                            decimal, hex);

  gtk_label_set_label (self->cursor_hint, self->n_bytes > 0 ? place : _ ("There is no byte at the cursor."));
}

/* The first byte of the selection, which may begin at an event or at the end of a read. */
static SktPosition
find_first_byte (SocketeerByteView *view, SktPosition from, SktPosition to)
{
  g_autoptr (SktByteWalk) walk = NULL;
  SktBytePiece piece;

  if (to.record - from.record > 2048)
    to = (SktPosition){ from.record + 2048, 0 };
  walk = skt_byte_walk_new (socketeer_byte_view_get_journal (view), socketeer_byte_view_get_layout (view), from, to);
  if (skt_byte_walk_next (walk, &piece, NULL, NULL))
    return (SktPosition){ piece.index, piece.begin };
  return from;
}

static void
update_cursor (SocketeerInspector *self)
{
  SktJournal *journal = socketeer_byte_view_get_journal (self->view);
  SktLayout *layout = socketeer_byte_view_get_layout (self->view);
  SktPosition from = socketeer_byte_view_get_cursor (self->view), to;
  gboolean has_selection = journal != NULL && socketeer_byte_view_get_selection (self->view, &from, &to);
  SktEncoding encoding = layout != NULL ? skt_layout_get_encoding (layout) : self->encoding;
  guint8 bytes[SKT_INSPECT_MAX_BYTES] = { 0 };
  SktRecord record = { 0 };
  gsize n_bytes = 0;

  /* A selection is looked at from its start, wherever the cursor is. */
  if (has_selection)
    from = find_first_byte (self->view, from, to);
  if (journal != NULL)
    n_bytes = skt_byte_walk_peek_stream (journal, from, bytes, sizeof bytes, &record);
  if (self->is_stale || encoding != self->encoding || n_bytes != self->n_bytes ||
      memcmp (bytes, self->bytes, n_bytes) != 0)
    {
      self->is_stale = FALSE;
      self->encoding = encoding;
      self->n_bytes = n_bytes;
      memcpy (self->bytes, bytes, n_bytes);
      show_values (self);
    }
  show_place (self, &record, from.begin);
}

/* -- The selection ------------------------------------------------------------------------------------------- */

static gboolean
is_same_range (const Range *a, const Range *b)
{
  return a->journal == b->journal && a->layout == b->layout && skt_position_compare (&a->from, &b->from) == 0 &&
         skt_position_compare (&a->to, &b->to) == 0;
}

/* Borrowed. */
static Range
get_range (SocketeerInspector *self)
{
  Range range = { 0 };

  if (self->view == NULL || socketeer_byte_view_get_journal (self->view) == NULL ||
      !socketeer_byte_view_get_selection (self->view, &range.from, &range.to))
    return (Range){ 0 };
  range.journal = socketeer_byte_view_get_journal (self->view);
  range.layout = socketeer_byte_view_get_layout (self->view);
  return range;
}

static void
set_shown (SocketeerInspector *self, const Range *range)
{
  if (range->journal != NULL)
    {
      skt_journal_ref (range->journal);
      skt_layout_ref (range->layout);
    }
  g_clear_pointer (&self->shown.journal, skt_journal_unref);
  g_clear_pointer (&self->shown.layout, skt_layout_unref);
  self->shown = *range;
}

/* What the rows show, or is being computed for them, is not right any more. */
static void
invalidate (SocketeerInspector *self)
{
  self->is_valid = FALSE;
  self->is_outdated = TRUE;
  g_cancellable_cancel (self->running);
}

static void
set_value (SocketeerInspector *self, guint which, const char *format, ...) G_GNUC_PRINTF (3, 4);

static void
set_value (SocketeerInspector *self, guint which, const char *format, ...)
{
  g_autofree char *value = NULL;
  va_list args;

  va_start (args, format);
  value = g_strdup_vprintf (format, args);
  va_end (args);
  socketeer_value_row_set_value (self->value_rows[which], value);
}

static void
show_checksum (SocketeerInspector *self, SktChecksum checksum, guint32 value)
{
  g_autofree char *text = g_strdup_printf ("0x%0*X", 2 * skt_checksum_get_width (checksum), value);
  socketeer_value_row_set_value (self->checksum_rows[checksum], text);
}

static void
show_digest (SocketeerInspector *self, const SktDigest *digest)
{
  char entropy[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (entropy, sizeof entropy, "%.4f", digest->entropy);
  set_value (self, VALUE_LENGTH, "%" G_GUINT64_FORMAT, digest->length);
  set_value (self, VALUE_SUM, "%" G_GUINT64_FORMAT, digest->sum);
  set_value (self, VALUE_DISTINCT, "%u", digest->n_distinct);
  set_value (self, VALUE_ENTROPY, "%s", entropy);
  if (!digest->is_complete)
    return;
  for (guint i = 0; i < SKT_N_CHECKSUMS; i++)
    show_checksum (self, i, digest->checksums[i]);
  set_value (self, VALUE_MD5, "%s", digest->md5);
  set_value (self, VALUE_SHA_1, "%s", digest->sha1);
  set_value (self, VALUE_SHA_256, "%s", digest->sha256);
}

/* Those that are not known yet: they are on their way, or not. */
static void
blank (SocketeerValueRow *row, gboolean keep_known, gboolean is_pending)
{
  if (keep_known && socketeer_value_row_get_value (row) != NULL)
    return;
  if (is_pending)
    socketeer_value_row_set_pending (row);
  else
    socketeer_value_row_set_value (row, NULL);
}

static void
blank_all (SocketeerInspector *self, gboolean keep_known, gboolean is_pending)
{
  for (guint i = 0; i < SKT_N_CHECKSUMS; i++)
    blank (self->checksum_rows[i], keep_known, is_pending);
  for (guint i = 0; i < N_VALUES; i++)
    blank (self->value_rows[i], keep_known, is_pending);
}

static void
show_progress (SocketeerInspector *self, const char *text, gboolean is_running)
{
  const char *label = is_running ? _ ("Stop") : _ ("Compute");

  gtk_widget_set_visible (GTK_WIDGET (self->progress_box), text != NULL);
  if (text == NULL)
    return;
  gtk_label_set_label (self->progress_label, text);
  if (g_strcmp0 (gtk_button_get_label (self->stop_button), label) != 0)
    gtk_button_set_label (self->stop_button, label);
}

static void
progress_cb (const SktDigest *digest, guint64 done, guint64 total, gpointer user_data)
{
  SocketeerInspector *self = user_data;
  g_autofree char *text = NULL;
  guint percent = total > 0 ? 100.0 * done / total : 0;

  if (self->is_outdated || self->is_stopped)
    return;
  if (digest != NULL)
    show_digest (self, digest);
  text = g_strdup_printf (digest == NULL ? _ ("Counting: %u %%") : _ ("Checksums: %u %%"), percent);
  show_progress (self, text, TRUE);
}

static void queue_update (SocketeerInspector *self);

static void
digest_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SocketeerInspector) self = user_data;
  g_autoptr (GError) error = NULL;
  SktDigest digest;
  gboolean ok = skt_digest_finish (result, &digest, &error);

  g_clear_object (&self->running);
  if (self->is_outdated)
    queue_update (self);
  else if (ok)
    {
      show_digest (self, &digest);
      show_progress (self, NULL, FALSE);
    }
  else if (self->is_stopped || !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      blank_all (self, TRUE, FALSE);
      show_progress (self, self->is_stopped ? _ ("Stopped") : error->message, FALSE);
    }
}

static void
start (SocketeerInspector *self)
{
  self->is_stopped = self->is_outdated = FALSE;
  self->running = g_cancellable_new ();
  blank_all (self, FALSE, TRUE);
  skt_digest_async (self->shown.journal, self->shown.layout, self->shown.from, self->shown.to, self->running,
                    progress_cb, self, digest_cb, g_object_ref (self));
}

/* Does not wait for what takes long: values that belong to another selection go at once. */
static void
update_selection (SocketeerInspector *self)
{
  Range range = get_range (self);
  gboolean has_selection = range.journal != NULL;
  SktDigest digest;

  if (self->is_valid && is_same_range (&range, &self->shown))
    return;
  invalidate (self);
  set_shown (self, &range);
  gtk_widget_set_visible (GTK_WIDGET (self->selection_hint), !has_selection);
  gtk_widget_set_visible (GTK_WIDGET (self->selection_window), has_selection);
  show_progress (self, NULL, FALSE);
  if (!has_selection)
    self->is_valid = TRUE;
  else if (skt_digest_try_now (range.journal, range.layout, range.from, range.to, &digest))
    {
      show_digest (self, &digest);
      self->is_valid = TRUE;
    }
  else if (self->running == NULL)
    {
      start (self);
      self->is_valid = TRUE;
    }
  else
    blank_all (self, FALSE, TRUE); /* it starts when the other has ended */
}

static void
stop_clicked_cb (GtkButton *button, gpointer user_data)
{
  SocketeerInspector *self = user_data;

  if (self->running == NULL)
    {
      show_progress (self, NULL, FALSE);
      start (self);
      return;
    }
  self->is_stopped = TRUE;
  g_cancellable_cancel (self->running);
}

/* -- Following the view -------------------------------------------------------------------------------------- */

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  SocketeerInspector *self = SOCKETEER_INSPECTOR (widget);

  self->tick_id = 0;
  if (self->view == NULL)
    return G_SOURCE_REMOVE;
  ensure_rows (self);
  if (shows_selection (self))
    update_selection (self);
  else
    update_cursor (self);
  return G_SOURCE_REMOVE;
}

static void
queue_update (SocketeerInspector *self)
{
  if (self->tick_id == 0 && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->tick_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), tick_cb, NULL, NULL);
}

static void
cursor_moved_cb (SocketeerByteView *view, gpointer user_data)
{
  SocketeerInspector *self = user_data;
  Range range = get_range (self), none = { 0 };

  if (!is_same_range (&range, &self->shown))
    invalidate (self);
  /* The journal may be on its way out. */
  if (range.journal == NULL)
    set_shown (self, &none);
  queue_update (self);
}

static void
page_changed_cb (GtkStack *stack, GParamSpec *pspec, gpointer user_data)
{
  SocketeerInspector *self = user_data;

  if (!shows_selection (self))
    invalidate (self);
  queue_update (self);
}

void
socketeer_inspector_journal_grown (SocketeerInspector *self)
{
  g_return_if_fail (SOCKETEER_IS_INSPECTOR (self));
  if (self->n_bytes > 0 && self->n_bytes < sizeof self->bytes)
    queue_update (self);
}

void
socketeer_inspector_set_view (SocketeerInspector *self, SocketeerByteView *view)
{
  g_return_if_fail (SOCKETEER_IS_INSPECTOR (self));

  if (self->view != NULL)
    g_signal_handlers_disconnect_by_data (self->view, self);
  self->view = view;
  if (view != NULL)
    g_signal_connect (view, "cursor-moved", G_CALLBACK (cursor_moved_cb), self);
  else
    invalidate (self);
  queue_update (self);
}

void
socketeer_inspector_focus (SocketeerInspector *self)
{
  GtkWidget *list;

  g_return_if_fail (SOCKETEER_IS_INSPECTOR (self));

  ensure_rows (self);
  list = GTK_WIDGET (shows_selection (self) ? self->selection_list : self->cursor_list);
  /* Nothing is selected: what there is in its place. */
  if (!gtk_widget_child_focus (list, GTK_DIR_TAB_FORWARD))
    gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
}

/* -- Byte order, closing ------------------------------------------------------------------------------------- */

static void
order_toggled_cb (GtkToggleButton *button, gpointer user_data)
{
  SocketeerInspector *self = user_data;

  /* Two buttons change at a time: one says so. */
  if (!gtk_toggle_button_get_active (button))
    return;
  g_settings_set_string (socketeer_settings_get (), "inspector-byte-order",
                         button == self->little_button ? "little"
                         : button == self->big_button  ? "big"
                                                       : "both");
  if (self->inspect_rows[0][0] != NULL)
    update_order (self);
}

static void
load_order (SocketeerInspector *self)
{
  g_autofree char *order = g_settings_get_string (socketeer_settings_get (), "inspector-byte-order");

  gtk_toggle_button_set_active (g_str_equal (order, "little") ? self->little_button
                                : g_str_equal (order, "big")  ? self->big_button
                                                              : self->both_button,
                                TRUE);
}

static void
row_activated_cb (GtkListBox *list, GtkListBoxRow *row, gpointer user_data)
{
  socketeer_value_row_copy (SOCKETEER_VALUE_ROW (row));
}

static void
close_clicked_cb (GtkButton *button, gpointer user_data)
{
  g_signal_emit (user_data, signals[CLOSE], 0);
}

static gboolean
close_key_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  g_signal_emit (widget, signals[CLOSE], 0);
  return TRUE;
}

/* -- GObject ------------------------------------------------------------------------------------------------- */

static void
prepare_in_worker (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  g_free (skt_inspect_dup_value (SKT_INSPECT_GB18030, FALSE, SKT_ENCODING_UTF_8, NULL,
                                 (const guint8 *) "\x81\x30\x81\x30", 4));
  g_free (skt_inspect_dup_value (SKT_INSPECT_GB18030, FALSE, SKT_ENCODING_UTF_8, NULL, (const guint8 *) "\xc4\xe3", 2));
  g_task_return_boolean (task, TRUE);
}

static void
prepared_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  SocketeerInspector *self = SOCKETEER_INSPECTOR (object);

  self->has_gb18030 = self->is_stale = TRUE;
  queue_update (self);
}

/* The tables of GB18030 take 20 ms to make, once in the life of the program. */
static void
prepare (SocketeerInspector *self)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, prepared_cb, NULL);
  g_task_run_in_thread (task, prepare_in_worker);
}

static void
socketeer_inspector_map (GtkWidget *widget)
{
  SocketeerInspector *self = SOCKETEER_INSPECTOR (widget);

  if (!self->has_gb18030)
    prepare (self);
  GTK_WIDGET_CLASS (socketeer_inspector_parent_class)->map (widget);
  self->is_stale = TRUE;
  queue_update (self);
}

static void
socketeer_inspector_unmap (GtkWidget *widget)
{
  SocketeerInspector *self = SOCKETEER_INSPECTOR (widget);
  const Range none = { 0 };

  if (self->tick_id != 0)
    gtk_widget_remove_tick_callback (widget, self->tick_id);
  self->tick_id = 0;
  invalidate (self);
  set_shown (self, &none);
  GTK_WIDGET_CLASS (socketeer_inspector_parent_class)->unmap (widget);
}

static void
socketeer_inspector_dispose (GObject *object)
{
  SocketeerInspector *self = SOCKETEER_INSPECTOR (object);
  GtkWidget *child;

  const Range none = { 0 };

  socketeer_inspector_set_view (self, NULL);
  set_shown (self, &none);
  g_clear_object (&self->running);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (socketeer_inspector_parent_class)->dispose (object);
}

static void
socketeer_inspector_class_init (SocketeerInspectorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = socketeer_inspector_dispose;
  widget_class->map = socketeer_inspector_map;
  widget_class->unmap = socketeer_inspector_unmap;
  signals[CLOSE] = g_signal_new ("close", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);

  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, close_key_cb, NULL);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  g_type_ensure (SOCKETEER_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-inspector.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerInspector, both_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerInspector, little_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerInspector, big_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerInspector, close_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerInspector, stop_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerInspector, stack);
  gtk_widget_class_bind_template_child (widget_class, SocketeerInspector, selection_hint);
  gtk_widget_class_bind_template_child (widget_class, SocketeerInspector, progress_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerInspector, cursor_hint);
  gtk_widget_class_bind_template_child (widget_class, SocketeerInspector, progress_box);
  gtk_widget_class_bind_template_child (widget_class, SocketeerInspector, selection_window);
  gtk_widget_class_bind_template_child (widget_class, SocketeerInspector, selection_list);
  gtk_widget_class_bind_template_child (widget_class, SocketeerInspector, cursor_list);
}

static void
socketeer_inspector_init (SocketeerInspector *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->is_stale = TRUE;
  load_order (self);
  g_signal_connect (self->both_button, "toggled", G_CALLBACK (order_toggled_cb), self);
  g_signal_connect (self->little_button, "toggled", G_CALLBACK (order_toggled_cb), self);
  g_signal_connect (self->big_button, "toggled", G_CALLBACK (order_toggled_cb), self);
  g_signal_connect (self->cursor_list, "row-activated", G_CALLBACK (row_activated_cb), self);
  g_signal_connect (self->selection_list, "row-activated", G_CALLBACK (row_activated_cb), self);
  g_signal_connect (self->stop_button, "clicked", G_CALLBACK (stop_clicked_cb), self);
  g_signal_connect (self->close_button, "clicked", G_CALLBACK (close_clicked_cb), self);
  g_signal_connect (self->stack, "notify::visible-child-name", G_CALLBACK (page_changed_cb), self);
  g_settings_bind (socketeer_settings_get (), "inspector-page", self->stack, "visible-child-name",
                   G_SETTINGS_BIND_DEFAULT);
}
