/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-composer-private.h"

#include <glib/gi18n.h>

#include "skt-hex.h"
#include "skt-literal.h"
#include "socketeer-entry.h"

/* The line below the message: what is sent, in another form. It can be typed into where that gives a message: then the
 * message is written anew in its own form. */

/* More is not shown: a line of it is laid out at each key. */
#define SHOWN_BYTES 1024

/* Text below hex, hex below all else. */
static SktMessageForm
get_other_form (SktMessageForm form)
{
  return form == SKT_MESSAGE_HEX ? SKT_MESSAGE_TEXT : SKT_MESSAGE_HEX;
}

static void
entry_changed_cb (SocketeerComposer *self);

static void
set_entry_text (SocketeerComposer *self, const char *text)
{
  if (g_str_equal (gtk_editable_get_text (GTK_EDITABLE (self->other_entry)), text))
    return;
  g_signal_handlers_block_by_func (self->other_entry, entry_changed_cb, self);
  gtk_editable_set_text (GTK_EDITABLE (self->other_entry), text);
  g_signal_handlers_unblock_by_func (self->other_entry, entry_changed_cb, self);
}

static char *
dup_shown (GBytes *bytes, SktMessageForm form, SktEncoding encoding)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  gsize n = MIN (length, SHOWN_BYTES);

  if (form == SKT_MESSAGE_HEX)
    skt_hex_append (text, data, n);
  else
    skt_literal_append_escaped (text, encoding, data, n);
  if (n < length)
    g_string_append (text, " …");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Why it can't be typed into, or NULL. */
static const char *
get_hindrance (SktMessage *message, GBytes *bytes)
{
  if (g_bytes_get_size (bytes) > SHOWN_BYTES)
    return _ ("only shown: the first 1024 bytes");
  if (!skt_message_is_constant (message))
    return _ ("only shown: placeholders as sent next");
  if (skt_message_has_placeholder (message))
    return _ ("only shown: it has placeholders");
  return skt_message_get_settings (message)->has_checksum ? _ ("only shown: with the checksum") : NULL;
}

static void
show_note (SocketeerComposer *self, const char *note)
{
  if (note != NULL && *gtk_label_get_label (self->note_label) == '\0')
    gtk_label_set_label (self->note_label, note);
  gtk_widget_set_visible (GTK_WIDGET (self->note_label), *gtk_label_get_label (self->note_label) != '\0');
}

static void
show_form (SocketeerComposer *self, SktMessageForm form)
{
  const char *name = form == SKT_MESSAGE_HEX ? _ ("Sent bytes as hex") : _ ("Sent bytes as text");

  /* Translators: in front of what is sent, written as hexadecimal bytes or as text */
  gtk_label_set_label (self->other_label, form == SKT_MESSAGE_HEX ? C_ ("representation", "Hex") : C_ ("representation", "Text"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->other_entry), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static SktMessageForm
get_form (SocketeerComposer *self)
{
  return gtk_toggle_button_get_active (self->hex_button) ? SKT_MESSAGE_HEX : SKT_MESSAGE_TEXT;
}

void
_socketeer_composer_preview_update (SocketeerComposer *self, SktMessage *message, GBytes *bytes, const char *why)
{
  const SktMessageForm form = get_other_form (get_form (self));
  const char *hindrance = why;
  g_autofree char *text = NULL;

  if (message != NULL && bytes != NULL)
    hindrance = get_hindrance (message, bytes);
  show_note (self, hindrance);
  /* Not while it is typed into: what is typed may be written otherwise. */
  if (self->is_rewriting)
    return;
  /* What is wrong takes its place. */
  gtk_widget_set_visible (GTK_WIDGET (self->other_entry), bytes != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->other_label), bytes != NULL);
  show_form (self, form);
  socketeer_entry_set_bad (self->other_entry, FALSE);
  if (bytes != NULL)
    text = dup_shown (bytes, form, gtk_drop_down_get_selected (self->encoding_drop_down));
  set_entry_text (self, text != NULL ? text : "");
  self->is_other_typed = FALSE;
  gtk_editable_set_editable (GTK_EDITABLE (self->other_entry), bytes != NULL && hindrance == NULL);
}

/* The message that is typed in the other form, or NULL. */
static SktMessage *
read_other (SocketeerComposer *self, gsize *ret_position, GError **error)
{
  SktMessageSettings settings = { .form = get_other_form (get_form (self)), .has_escapes = TRUE };

  settings.source = gtk_editable_get_text (GTK_EDITABLE (self->other_entry));
  settings.encoding = gtk_drop_down_get_selected (self->encoding_drop_down);
  return skt_message_new (&settings, ret_position, error);
}

static void
write_message (SocketeerComposer *self, SktMessage *other)
{
  g_autoptr (GBytes) bytes = skt_message_expand (other, NULL, NULL);
  g_autoptr (SktMessage) message = NULL;
  g_autofree char *source = NULL;
  SktMessageSettings settings, written;

  _socketeer_composer_fill_settings (self, &settings, &source);
  settings.ending = self->other_ending;
  settings.has_escapes = self->other_has_escapes;
  message = skt_message_new_in_form (&settings, bytes);
  written = *skt_message_get_settings (message);
  _socketeer_composer_apply_settings (self, &written);
  _socketeer_composer_replace_text (self, written.source);
}

static void
begin_typing (SocketeerComposer *self)
{
  g_autofree char *source = NULL;
  SktMessageSettings settings;

  if (self->is_other_typed)
    return;
  _socketeer_composer_fill_settings (self, &settings, &source);
  self->other_ending = settings.ending;
  self->other_has_escapes = settings.has_escapes;
  self->is_other_typed = TRUE;
}

static void
entry_changed_cb (SocketeerComposer *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SktMessage) other = NULL;
  gsize position = 0;

  other = read_other (self, &position, &error);
  g_clear_pointer (&self->other_problem, g_free);
  begin_typing (self);
  self->is_rewriting = TRUE;
  socketeer_entry_set_bad (self->other_entry, other == NULL);
  if (other != NULL)
    write_message (self, other);
  else
    self->other_problem = g_strdup (error->message);
  _socketeer_composer_update (self);
  if (other == NULL)
    {
      gtk_label_set_label (self->count_label, "–");
      socketeer_composer_set_problem (self, self->other_problem);
    }
  self->is_rewriting = FALSE;
}

/* What was typed is written as all is. What is no message stays to be mended: until then nothing is sent. */
static void
entry_left_cb (SocketeerComposer *self)
{
  if (self->other_problem != NULL || !self->is_other_typed)
    return;
  self->is_other_typed = FALSE;
  _socketeer_composer_update (self);
}

void
_socketeer_composer_preview_init (SocketeerComposer *self)
{
  GtkEventController *focus = gtk_event_controller_focus_new ();

  g_signal_connect_swapped (self->other_entry, "changed", G_CALLBACK (entry_changed_cb), self);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (entry_left_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->other_entry), focus);
}
