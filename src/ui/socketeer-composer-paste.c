/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-composer-private.h"

#include <glib/gi18n.h>
#include <string.h>

/* What is pasted may have characters that nobody sees: carriage returns, NUL, ESC, those that change the order of others. With
 * escapes on they become escapes as they come in. Else they are marked, counted, and offered to be written so. */

/* More is not asked of a clipboard. */
#define MAX_PASTE (64 * 1024 * 1024)

/* -- What is in the text ------------------------------------------------------------------------------------- */

static void
mark (SocketeerComposer *self, const SktMessageSettings *settings)
{
  GtkTextIter iter, next;

  gtk_text_buffer_get_start_iter (self->buffer, &iter);
  while (!gtk_text_iter_is_end (&iter))
    {
      next = iter;
      gtk_text_iter_forward_char (&next);
      if (skt_message_is_control (settings, gtk_text_iter_get_char (&iter)))
        gtk_text_buffer_apply_tag (self->buffer, self->control_tag, &iter, &next);
      iter = next;
    }
}

char *
_socketeer_composer_mark_controls (SocketeerComposer *self, const SktMessageSettings *settings)
{
  g_autofree char *escaped = NULL;
  gsize n = 0, first = 0;
  GtkTextIter start, end;
  gunichar c;

  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  gtk_text_buffer_remove_tag (self->buffer, self->control_tag, &start, &end);
  if (settings->form != SKT_MESSAGE_TEXT)
    return NULL;
  escaped = skt_message_escape_controls (settings, settings->source, strlen (settings->source), &n, &first);
  if (n == 0)
    return NULL;
  mark (self, settings);
  c = g_utf8_get_char (g_utf8_offset_to_pointer (settings->source, first));
  /* Translators: “1 control character: U+001B at position 5”; %04X is its code point. */
  if (n == 1)
    return g_strdup_printf (_ ("1 control character: U+%04X at position %zu"), c, first + 1);
  /* Translators: “3 control characters, the first is U+001B at position 5” */
  return g_strdup_printf (ngettext ("%zu control character, the first is U+%04X at position %zu",
                                    "%zu control characters, the first is U+%04X at position %zu", n), n, c, first + 1);
}

void
_socketeer_composer_escape_controls (SocketeerComposer *self)
{
  SktMessageSettings settings;
  g_autofree char *source = NULL;
  g_autofree char *escaped = NULL;

  _socketeer_composer_fill_settings (self, &settings, &source);
  escaped = skt_message_escape_controls (&settings, source, strlen (source), NULL, NULL);
  settings.has_escapes = TRUE;
  socketeer_message_options_set (self->options, &settings);
  _socketeer_composer_replace_text (self, escaped);
  socketeer_message_options_save (self->options);
  _socketeer_composer_update (self);
}

static void
escape_clicked_cb (SocketeerComposer *self)
{
  _socketeer_composer_escape_controls (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->text_view));
}

/* -- What comes in ------------------------------------------------------------------------------------------- */

static gboolean
get_text_settings (SocketeerComposer *self, SktMessageSettings *settings)
{
  g_autofree char *source = NULL;

  _socketeer_composer_fill_settings (self, settings, &source);
  settings->source = NULL;
  return settings->form == SKT_MESSAGE_TEXT;
}

static void
insert_text_cb (GtkTextBuffer *buffer, GtkTextIter *place, char *text, int length, SocketeerComposer *self)
{
  g_autofree char *escaped = NULL;
  SktMessageSettings settings;
  gsize n = 0;

  if (self->is_setting || !get_text_settings (self, &settings) || !settings.has_escapes)
    return;
  escaped = skt_message_escape_controls (&settings, text, length, &n, NULL);
  if (n == 0)
    return;
  g_signal_stop_emission_by_name (buffer, "insert-text");
  gtk_text_buffer_insert (buffer, place, escaped, -1);
}

static void
insert_pasted (SocketeerComposer *self, const char *text, gsize length)
{
  gtk_text_buffer_begin_user_action (self->buffer);
  gtk_text_buffer_delete_selection (self->buffer, TRUE, TRUE);
  gtk_text_buffer_insert_interactive_at_cursor (self->buffer, text, length, TRUE);
  gtk_text_buffer_end_user_action (self->buffer);
  gtk_text_view_scroll_mark_onscreen (self->text_view, gtk_text_buffer_get_insert (self->buffer));
}

/* GLib's text ends at NUL, which no text buffer holds: as escapes it can come in. */
static void
paste_with_nul (SocketeerComposer *self, const char *text, gsize length)
{
  g_autofree char *escaped = NULL;
  SktMessageSettings settings;

  if (!get_text_settings (self, &settings))
    {
      socketeer_composer_set_problem (self, _ ("The clipboard has NUL characters, which are neither hex nor Base64: paste it as text"));
      return;
    }
  /* The backslashes of what is pasted stand for themselves when it becomes a text with escapes. */
  escaped = skt_message_escape_controls (&settings, text, length, NULL, NULL);
  if (!settings.has_escapes)
    _socketeer_composer_escape_controls (self);
  insert_pasted (self, escaped, strlen (escaped));
}

/* What is no UTF-8 becomes U+FFFD. Piece by piece: for GLib NUL is an end. */
static GString *
make_valid (const char *tainted_text, gsize length)
{
  GString *text = g_string_sized_new (length);
  const char *end = tainted_text + length;

  for (const char *p = tainted_text; p < end;)
    {
      const char *nul = memchr (p, '\0', end - p);
      g_autofree char *piece = g_utf8_make_valid (p, (nul != NULL ? nul : end) - p);

      g_string_append (text, piece);
      if (nul != NULL)
        g_string_append_c (text, '\0');
      p = nul != NULL ? nul + 1 : end;
    }
  return text;
}

static void
paste_bytes (SocketeerComposer *self, GBytes *bytes)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  g_autoptr (GString) text = make_valid (data, length);

  /* Some owners count the NUL that ends the text. */
  if (text->len > 0 && strlen (text->str) == text->len - 1)
    g_string_truncate (text, text->len - 1);
  if (strlen (text->str) < text->len)
    paste_with_nul (self, text->str, text->len);
  else if (text->len > 0)
    insert_pasted (self, text->str, text->len);
}

static void
spliced_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (SocketeerComposer) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (g_output_stream_splice_finish (G_OUTPUT_STREAM (object), result, &error) < 0)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        socketeer_composer_set_problem (self, error->message);
      return;
    }
  bytes = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (object));
  if (g_bytes_get_size (bytes) > MAX_PASTE)
    socketeer_composer_set_problem (self, _ ("More than 64 MiB can’t be pasted: send it as a file"));
  else if (self->paste != NULL)
    paste_bytes (self, bytes);
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (SocketeerComposer) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GOutputStream) memory = NULL;
  g_autoptr (GInputStream) stream = gdk_clipboard_read_finish (GDK_CLIPBOARD (object), result, NULL, &error);

  /* Nothing on it that is text. */
  if (stream == NULL)
    return;
  memory = g_memory_output_stream_new_resizable ();
  g_output_stream_splice_async (memory, stream, G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE | G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
                                G_PRIORITY_DEFAULT, self->paste, spliced_cb, g_object_ref (self));
}

/* In place of the text view's own, which cuts at NUL and says nothing. */
static void
paste_clipboard_cb (GtkTextView *view, SocketeerComposer *self)
{
  static const char *mime_types[] = { "text/plain;charset=utf-8", "UTF8_STRING", "text/plain", NULL };

  g_signal_stop_emission_by_name (view, "paste-clipboard");
  if (self->paste != NULL)
    g_cancellable_cancel (self->paste);
  g_clear_object (&self->paste);
  self->paste = g_cancellable_new ();
  gdk_clipboard_read_async (gtk_widget_get_clipboard (GTK_WIDGET (view)), mime_types, G_PRIORITY_DEFAULT, self->paste, read_cb,
                            g_object_ref (self));
}

void
_socketeer_composer_paste_init (SocketeerComposer *self)
{
  self->control_tag = gtk_text_buffer_create_tag (self->buffer, NULL, "background", "rgba(245,194,17,0.5)", NULL);
  g_signal_connect (self->buffer, "insert-text", G_CALLBACK (insert_text_cb), self);
  g_signal_connect (self->text_view, "paste-clipboard", G_CALLBACK (paste_clipboard_cb), self);
  g_signal_connect_swapped (self->escape_button, "clicked", G_CALLBACK (escape_clicked_cb), self);
}
