/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-transcript.h"

#include <glib/gi18n.h>
#include <string.h>

#include "socketeer-encodings.h"
#include "socketeer-filter.h"
#include "socketeer-find-bar.h"
#include "socketeer-format.h"
#include "socketeer-frame-check.h"
#include "socketeer-frame-rule.h"
#include "socketeer-inspector.h"
#include "socketeer-places.h"
#include "socketeer-sent-marks.h"
#include "socketeer-look.h"
#include "socketeer-settings.h"
#include "socketeer-shortcuts.h"
#include "socketeer-split.h"
#include "socketeer-wrap-layout.h"

/* The column for the peer is as wide as its widest address, within these: "127.0.0.1:50000" and
 * "255.255.255.255:65535"; a longer IPv6 address is cut here and whole in the list. */
#define MIN_PEER_CELLS 15
#define MAX_PEER_CELLS 21

static const guint widths[] = { 8, 16, 32 };

struct _SocketeerTranscript
{
  GtkWidget parent_instance;

  /* template */
  GtkToggleButton *text_button, *hex_button, *both_button, *pause_button, *inspector_button;
  GtkDropDown *encoding_drop_down, *width_drop_down, *mode_drop_down;
  GtkMenuButton *rule_button, *filter_button;
  SocketeerFrameRule *frame_rule;
  SocketeerFrameCheck *frame_check;
  SocketeerFilter *filter_editor;
  SocketeerInspector *inspector;
  SocketeerSplit *inspector_split;
  SocketeerPlaces *places;
  SocketeerFindBar *find_bar;
  SocketeerHitMarks *hit_marks;
  SocketeerByteView *byte_view;
  GtkLabel *empty_label, *jump_label, *note_label;
  GtkRevealer *jump_revealer;
  GtkButton *jump_button;
  GMenuModel *context_menu;

  /* owned */
  SktSession *session;
  GSignalGroup *signals;
  SocketeerSentMarks *sent_marks;
  SktJournal *journal;
  GHashTable *peers; /* of a journal alone: connection → address */
  guint32 *filter; /* NULL: all */
  gsize n_filter;
  GtkWidget *popover;

  guint peer_cells; /* 0: no column */
  gboolean is_loading;
};

enum
{
  MESSAGE,
  INSPECTOR_MOVED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SocketeerTranscript, socketeer_transcript, GTK_TYPE_WIDGET)

static SktView
get_view (SocketeerTranscript *self)
{
  if (gtk_toggle_button_get_active (self->hex_button))
    return SKT_VIEW_HEX;
  return gtk_toggle_button_get_active (self->both_button) ? SKT_VIEW_BOTH : SKT_VIEW_TEXT;
}

SktEncoding
socketeer_transcript_get_encoding (SocketeerTranscript *self)
{
  g_return_val_if_fail (SOCKETEER_IS_TRANSCRIPT (self), SKT_ENCODING_UTF_8);
  return gtk_drop_down_get_selected (self->encoding_drop_down);
}

static SktMode
get_mode (SocketeerTranscript *self)
{
  return gtk_drop_down_get_selected (self->mode_drop_down);
}

static SktLayout *
make_layout (SocketeerTranscript *self)
{
  guint width = gtk_drop_down_get_selected (self->width_drop_down);
  g_autoptr (SktPattern) pattern = socketeer_filter_dup_pattern (self->filter_editor,
                                                                 socketeer_transcript_get_encoding (self));
  SktLayoutOptions options = {
    .view = get_view (self),
    .mode = get_mode (self),
    .encoding = socketeer_transcript_get_encoding (self),
    .bytes_per_row = widths[MIN (width, G_N_ELEMENTS (widths) - 1)],
    .connections = self->filter,
    .n_connections = self->n_filter,
    .hides_received = !socketeer_filter_shows_received (self->filter_editor),
    .hides_sent = !socketeer_filter_shows_sent (self->filter_editor),
    .hides_events = !socketeer_filter_shows_events (self->filter_editor),
    .frame_rule = socketeer_frame_rule_get (self->frame_rule),
    .pattern = pattern,
  };

  return skt_layout_new (&options);
}

/* TCP keeps order, not borders: said where somebody is looking for borders. */
static void
update_note (SocketeerTranscript *self)
{
  static const char *const notes[SKT_N_MODES] = {
    [SKT_MODE_READS] = NULL,
    [SKT_MODE_STREAM] = N_ ("TCP keeps the order of bytes and no borders: this is what it delivers, whatever the reads were."),
    [SKT_MODE_FRAMES] = N_ ("TCP keeps the order of bytes and no borders: where a message ends, only its protocol says. "
                            "Here a rule does."),
  };
  const char *note = notes[get_mode (self)];

  gtk_label_set_label (self->note_label, note != NULL ? _ (note) : "");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->note_label), note != NULL ? _ (note) : NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->note_label), note != NULL);
}

static void
update_rule (SocketeerTranscript *self)
{
  g_autofree char *words = socketeer_frame_rule_to_words (socketeer_frame_rule_get (self->frame_rule));

  gtk_menu_button_set_label (self->rule_button, words);
  gtk_widget_set_visible (GTK_WIDGET (self->rule_button), get_mode (self) == SKT_MODE_FRAMES);
}

static void
update_layout (SocketeerTranscript *self)
{
  g_autoptr (SktLayout) layout = make_layout (self);

  gtk_widget_set_visible (GTK_WIDGET (self->width_drop_down), get_view (self) != SKT_VIEW_TEXT);
  update_note (self);
  update_rule (self);
  if (self->journal == NULL)
    return;
  socketeer_byte_view_set_layout (self->byte_view, layout);
  socketeer_find_bar_set_journal (self->find_bar, self->journal, layout);
}

static void
choice_changed_cb (SocketeerTranscript *self)
{
  GSettings *settings = socketeer_settings_get ();
  g_autofree char *rule = skt_frame_rule_to_string (socketeer_frame_rule_get (self->frame_rule));

  if (self->is_loading)
    return;
  g_settings_set_string (settings, "view", skt_view_get_name (get_view (self)));
  g_settings_set_string (settings, "mode", skt_mode_get_name (get_mode (self)));
  g_settings_set_string (settings, "frame-rule", rule);
  socketeer_settings_remember_string ("encoding", skt_encoding_get_name (socketeer_transcript_get_encoding (self)));
  socketeer_settings_remember_int ("hex-bytes-per-row",
                                   widths[MIN (gtk_drop_down_get_selected (self->width_drop_down), G_N_ELEMENTS (widths) - 1)]);
  update_layout (self);
}

static void
toggled_cb (GtkToggleButton *button, gpointer user_data)
{
  /* Two buttons change at a time: one says so. */
  if (gtk_toggle_button_get_active (button))
    choice_changed_cb (user_data);
}

void
socketeer_transcript_set_view (SocketeerTranscript *self, SktView view)
{
  g_return_if_fail (SOCKETEER_IS_TRANSCRIPT (self));
  gtk_toggle_button_set_active (view == SKT_VIEW_TEXT  ? self->text_button
                                : view == SKT_VIEW_HEX ? self->hex_button
                                                       : self->both_button,
                                TRUE);
}

void
socketeer_transcript_set_mode (SocketeerTranscript *self, SktMode mode)
{
  g_return_if_fail (SOCKETEER_IS_TRANSCRIPT (self));
  gtk_drop_down_set_selected (self->mode_drop_down, mode);
}

void
socketeer_transcript_set_frame_rule (SocketeerTranscript *self, const SktFrameRule *rule)
{
  g_return_if_fail (SOCKETEER_IS_TRANSCRIPT (self));
  socketeer_frame_rule_set (self->frame_rule, rule);
  choice_changed_cb (self);
}

static void
frame_check_cb (SocketeerTranscript *self)
{
  const SktFrameCheck *check = socketeer_frame_check_get (self->frame_check);
  g_autofree char *text = skt_frame_check_to_string (check);

  g_settings_set_string (socketeer_settings_get (), "frame-check", text);
  socketeer_byte_view_set_frame_check (self->byte_view, check);
}

void
socketeer_transcript_set_frame_check (SocketeerTranscript *self, const SktFrameCheck *check)
{
  g_return_if_fail (SOCKETEER_IS_TRANSCRIPT (self));
  socketeer_frame_check_set (self->frame_check, check);
  frame_check_cb (self);
}

void
socketeer_transcript_show_filter (SocketeerTranscript *self)
{
  g_return_if_fail (SOCKETEER_IS_TRANSCRIPT (self));
  gtk_menu_button_popup (self->filter_button);
}

static void
filter_active_cb (SocketeerFilter *filter, GParamSpec *pspec, gpointer user_data)
{
  SocketeerTranscript *self = user_data;

  /* Nobody is to wonder where bytes are. */
  if (socketeer_filter_is_active (filter))
    {
      gtk_widget_remove_css_class (GTK_WIDGET (self->filter_button), "flat");
      gtk_widget_add_css_class (GTK_WIDGET (self->filter_button), "suggested-action");
      gtk_menu_button_set_label (self->filter_button, _ ("Filtered"));
    }
  else
    {
      gtk_widget_add_css_class (GTK_WIDGET (self->filter_button), "flat");
      gtk_widget_remove_css_class (GTK_WIDGET (self->filter_button), "suggested-action");
      gtk_menu_button_set_icon_name (self->filter_button, "skt-filter-symbolic");
    }
}

void
socketeer_transcript_set_encoding (SocketeerTranscript *self, SktEncoding encoding)
{
  g_return_if_fail (SOCKETEER_IS_TRANSCRIPT (self));
  gtk_drop_down_set_selected (self->encoding_drop_down, encoding);
}

void
socketeer_transcript_set_filter (SocketeerTranscript *self, const guint32 *connections, gsize n_connections)
{
  g_return_if_fail (SOCKETEER_IS_TRANSCRIPT (self));

  g_clear_pointer (&self->filter, g_free);
  self->n_filter = n_connections;
  if (connections != NULL)
    {
      self->filter = g_malloc (n_connections * sizeof (guint32) + 1);
      if (n_connections > 0)
        memcpy (self->filter, connections, n_connections * sizeof (guint32));
    }
  update_layout (self);
}

void
socketeer_transcript_set_empty_text (SocketeerTranscript *self, const char *text)
{
  g_return_if_fail (SOCKETEER_IS_TRANSCRIPT (self));
  gtk_label_set_label (self->empty_label, text);
}

SocketeerByteView *
socketeer_transcript_get_byte_view (SocketeerTranscript *self)
{
  g_return_val_if_fail (SOCKETEER_IS_TRANSCRIPT (self), NULL);
  return self->byte_view;
}

GtkWidget *
socketeer_transcript_get_inspector (SocketeerTranscript *self)
{
  g_return_val_if_fail (SOCKETEER_IS_TRANSCRIPT (self), NULL);
  return GTK_WIDGET (self->inspector);
}

void
socketeer_transcript_zoom (SocketeerTranscript *self, double factor)
{
  double scale;

  g_return_if_fail (SOCKETEER_IS_TRANSCRIPT (self));
  g_object_get (self->byte_view, "font-scale", &scale, NULL);
  g_object_set (self->byte_view, "font-scale", factor == 0 ? 1.0 : scale * factor, NULL);
}

static char *
dup_peer (guint32 connection, gpointer user_data)
{
  SocketeerTranscript *self = user_data;
  SktConnection *found;
  const char *name;

  if (self->session != NULL)
    {
      found = skt_session_get_connection (self->session, connection);
      return found != NULL ? g_strdup (skt_connection_get_remote_address (found)) : NULL;
    }
  name = self->peers != NULL ? g_hash_table_lookup (self->peers, GUINT_TO_POINTER (connection)) : NULL;
  return name != NULL ? g_strdup (name) : g_strdup_printf ("#%u", connection);
}

static void
journal_grown_cb (SktSession *session, gpointer user_data)
{
  SocketeerTranscript *self = user_data;
  socketeer_byte_view_journal_grown (self->byte_view);
  socketeer_inspector_journal_grown (self->inspector);
  socketeer_find_bar_update (self->find_bar);
}

static void
connections_changed_cb (GListModel *connections, guint position, guint removed, guint added, gpointer user_data)
{
  SocketeerTranscript *self = user_data;
  guint cells = self->peer_cells;

  if (cells == 0)
    return;
  socketeer_byte_view_journal_grown (self->byte_view);
  for (guint i = position; i < position + added && cells < MAX_PEER_CELLS; i++)
    {
      g_autoptr (SktConnection) connection = g_list_model_get_item (connections, i);
      const char *address = skt_connection_get_remote_address (connection);
      if (address != NULL)
        cells = CLAMP (strlen (address), cells, MAX_PEER_CELLS);
    }
  if (cells == self->peer_cells)
    return;
  self->peer_cells = cells;
  socketeer_byte_view_set_peers (self->byte_view, cells, dup_peer, self);
}

void
socketeer_transcript_set_journal (SocketeerTranscript *self, SktJournal *journal)
{
  g_autoptr (SktLayout) layout = make_layout (self);
  gboolean has_peers = self->session == NULL || skt_session_get_kind (self->session) == SKT_SESSION_SERVER;

  g_return_if_fail (SOCKETEER_IS_TRANSCRIPT (self));

  skt_journal_ref (journal);
  g_clear_pointer (&self->journal, skt_journal_unref);
  self->journal = journal;
  self->peer_cells = has_peers ? MIN_PEER_CELLS : 0;
  socketeer_byte_view_set_peers (self->byte_view, self->peer_cells, dup_peer, self);
  socketeer_byte_view_set_journal (self->byte_view, journal, layout);
  socketeer_places_set_journal (self->places, journal);
  socketeer_find_bar_set_journal (self->find_bar, journal, layout);
}

void
socketeer_transcript_set_peers (SocketeerTranscript *self, GHashTable *peers)
{
  g_return_if_fail (SOCKETEER_IS_TRANSCRIPT (self));

  g_clear_pointer (&self->peers, g_hash_table_unref);
  if (peers != NULL)
    self->peers = g_hash_table_ref (peers);
}

void
socketeer_transcript_set_session (SocketeerTranscript *self, SktSession *session)
{
  g_return_if_fail (SOCKETEER_IS_TRANSCRIPT (self));

  g_set_object (&self->session, session);
  g_clear_pointer (&self->sent_marks, socketeer_sent_marks_free);
  self->sent_marks = socketeer_sent_marks_new (self->byte_view, session);
  g_signal_group_set_target (self->signals, session);
  socketeer_transcript_set_journal (self, skt_session_get_journal (session));
  g_signal_connect_object (skt_session_get_connections (session), "items-changed",
                           G_CALLBACK (connections_changed_cb), self, 0);
}

void
socketeer_transcript_close (SocketeerTranscript *self)
{
  g_return_if_fail (SOCKETEER_IS_TRANSCRIPT (self));

  g_signal_group_set_target (self->signals, NULL);
  socketeer_places_set_journal (self->places, NULL);
  socketeer_find_bar_set_journal (self->find_bar, NULL, NULL);
  socketeer_byte_view_set_journal (self->byte_view, NULL, NULL);
  g_clear_pointer (&self->journal, skt_journal_unref);
}

/* -- Finding ------------------------------------------------------------------------------------------------- */

void
socketeer_transcript_find (SocketeerTranscript *self)
{
  g_return_if_fail (SOCKETEER_IS_TRANSCRIPT (self));
  socketeer_find_bar_open (self->find_bar);
}

void
socketeer_transcript_find_step (SocketeerTranscript *self, gboolean is_forward)
{
  g_return_if_fail (SOCKETEER_IS_TRANSCRIPT (self));
  socketeer_find_bar_step (self->find_bar, is_forward);
}

static void
find_selection_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  socketeer_find_bar_find_selection (SOCKETEER_TRANSCRIPT (widget)->find_bar);
}

static void
has_selection_cb (SocketeerByteView *view, GParamSpec *pspec, gpointer user_data)
{
  gboolean has_selection;

  g_object_get (view, "has-selection", &has_selection, NULL);
  gtk_widget_action_set_enabled (user_data, "transcript.find-selection", has_selection);
}

/* Escape ends finding wherever in the transcript the keyboard is. */
static gboolean
escape_cb (GtkWidget *widget, const char *name, gpointer user_data)
{
  SocketeerTranscript *self = user_data;

  if (!socketeer_find_bar_is_open (self->find_bar))
    return GDK_EVENT_PROPAGATE;
  socketeer_find_bar_close (self->find_bar);
  return GDK_EVENT_STOP;
}

/* -- Following and pausing ------------------------------------------------------------------------------------- */

static void
update_jump (SocketeerTranscript *self)
{
  gboolean following, paused, shown;
  guint64 new_bytes;
  g_autofree char *bytes = NULL, *text = NULL;

  g_object_get (self->byte_view, "following", &following, "paused", &paused, "new-bytes", &new_bytes, NULL);
  shown = !following || paused;
  gtk_revealer_set_reveal_child (self->jump_revealer, shown);
  gtk_widget_set_can_target (GTK_WIDGET (self->jump_revealer), shown);
  gtk_toggle_button_set_active (self->pause_button, paused);
  if (!shown)
    return;
  bytes = socketeer_format_bytes (new_bytes);
  if (new_bytes == 0)
    text = g_strdup (paused ? _ ("View paused: go on") : _ ("Go to the end"));
  else if (paused)
    /* Translators: button that lets a paused view go on; %s: “12 bytes” */
    text = g_strdup_printf (_ ("View paused: %s new"), bytes);
  else
    /* Translators: button that leads to the end of the transcript; %s: “12 bytes” */
    text = g_strdup_printf (_ ("%s new"), bytes);
  gtk_label_set_label (self->jump_label, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->jump_button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
view_notify_cb (SocketeerByteView *view, GParamSpec *pspec, gpointer user_data)
{
  update_jump (user_data);
}

static void
is_empty_cb (SocketeerByteView *view, GParamSpec *pspec, gpointer user_data)
{
  SocketeerTranscript *self = user_data;
  gboolean is_empty;

  g_object_get (view, "is-empty", &is_empty, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->empty_label), is_empty);
}

static void
jump_clicked_cb (GtkButton *button, gpointer user_data)
{
  SocketeerTranscript *self = user_data;
  socketeer_byte_view_set_paused (self->byte_view, FALSE);
  socketeer_byte_view_set_following (self->byte_view, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->byte_view));
}

static void
pause_toggled_cb (GtkToggleButton *button, gpointer user_data)
{
  SocketeerTranscript *self = user_data;
  socketeer_byte_view_set_paused (self->byte_view, gtk_toggle_button_get_active (button));
}

static void
message_cb (GtkWidget *widget, const char *message, gpointer user_data)
{
  g_signal_emit (user_data, signals[MESSAGE], 0, message);
}

static void
context_menu_cb (SocketeerByteView *view, double x, double y, gpointer user_data)
{
  SocketeerTranscript *self = user_data;

  if (self->popover == NULL)
    {
      self->popover = gtk_popover_menu_new_from_model (self->context_menu);
      gtk_popover_set_has_arrow (GTK_POPOVER (self->popover), FALSE);
      gtk_widget_set_halign (self->popover, GTK_ALIGN_START);
      gtk_widget_set_parent (self->popover, GTK_WIDGET (view));
    }
  gtk_popover_set_pointing_to (GTK_POPOVER (self->popover), &(GdkRectangle){ x, y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->popover));
}

static void
font_scale_cb (SocketeerByteView *view, GParamSpec *pspec, gpointer user_data)
{
  double scale;
  g_object_get (view, "font-scale", &scale, NULL);
  g_settings_set_double (socketeer_settings_get (), "font-scale", scale);
}

/* -- Inspector ------------------------------------------------------------------------------------------------- */

/* The keyboard stays where it is, unless it was in what goes. */
static void
inspector_toggled_cb (GtkToggleButton *button, gpointer user_data)
{
  SocketeerTranscript *self = user_data;
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  gboolean active = gtk_toggle_button_get_active (button);

  if (!active && focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->inspector)))
    gtk_widget_grab_focus (GTK_WIDGET (self->byte_view));
  gtk_widget_set_visible (GTK_WIDGET (self->inspector), active);
  g_signal_emit (self, signals[INSPECTOR_MOVED], 0);
}

static void
inspector_stacked_cb (SocketeerTranscript *self)
{
  g_signal_emit (self, signals[INSPECTOR_MOVED], 0);
}

gboolean
socketeer_transcript_has_inspector_below (SocketeerTranscript *self)
{
  g_return_val_if_fail (SOCKETEER_IS_TRANSCRIPT (self), FALSE);
  return socketeer_split_is_stacked (self->inspector_split) && gtk_widget_get_visible (GTK_WIDGET (self->inspector));
}

static void
inspector_close_cb (SocketeerTranscript *self)
{
  gtk_toggle_button_set_active (self->inspector_button, FALSE);
}

static void
inspect_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  SocketeerTranscript *self = SOCKETEER_TRANSCRIPT (widget);

  gtk_toggle_button_set_active (self->inspector_button, TRUE);
  socketeer_inspector_focus (self->inspector);
}

/* -- GObject ------------------------------------------------------------------------------------------------- */

static void
show_width (SocketeerTranscript *self, int width)
{
  gtk_drop_down_set_selected (self->width_drop_down, 1);
  for (guint i = 0; i < G_N_ELEMENTS (widths); i++)
    if ((int) widths[i] == width)
      gtk_drop_down_set_selected (self->width_drop_down, i);
}

static void
show_encoding (SocketeerTranscript *self)
{
  g_autofree char *name = g_settings_get_string (socketeer_settings_get (), "encoding");
  SktEncoding encoding = SKT_ENCODING_UTF_8;

  skt_encoding_from_name (name, &encoding);
  gtk_drop_down_set_selected (self->encoding_drop_down, encoding);
}

/* In the preferences, or by another program: in all tabs. What is chosen in a tab is the tab's own. */
static void
setting_changed_cb (GSettings *settings, const char *key, gpointer user_data)
{
  SocketeerTranscript *self = user_data;

  if (socketeer_settings_is_remembering () || self->byte_view == NULL)
    return;
  self->is_loading = TRUE;
  if (g_str_equal (key, "encoding"))
    show_encoding (self);
  else
    show_width (self, g_settings_get_int (settings, key));
  self->is_loading = FALSE;
  update_layout (self);
}

static void
show_as (SocketeerTranscript *self, const SktTab *tab)
{
  SktView view = get_view (self);
  SktMode mode = get_mode (self);
  SktFrameRule rule;
  SktFrameCheck check;
  SktEncoding encoding = socketeer_transcript_get_encoding (self);

  self->is_loading = TRUE;
  skt_mode_from_name (tab->mode, &mode);
  gtk_drop_down_set_selected (self->mode_drop_down, mode);
  if (skt_frame_rule_parse (tab->frame_rule, &rule, NULL))
    socketeer_frame_rule_set (self->frame_rule, &rule);
  if (skt_frame_check_parse (tab->frame_check, &check, NULL))
    {
      socketeer_frame_check_set (self->frame_check, &check);
      socketeer_byte_view_set_frame_check (self->byte_view, &check);
    }
  skt_view_from_name (tab->view, &view);
  skt_encoding_from_name (tab->encoding, &encoding);
  socketeer_transcript_set_view (self, view);
  gtk_drop_down_set_selected (self->encoding_drop_down, encoding);
  show_width (self, tab->bytes_per_row);
  self->is_loading = FALSE;
}

static void
load_settings (SocketeerTranscript *self)
{
  GSettings *settings = socketeer_settings_get ();
  g_autoptr (SktTab) tab = skt_tab_new (SKT_TAB_CLIENT);

  socketeer_settings_get_kept (settings, "view", &tab->view);
  socketeer_settings_get_kept (settings, "mode", &tab->mode);
  socketeer_settings_get_kept (settings, "encoding", &tab->encoding);
  socketeer_settings_get_kept (settings, "frame-rule", &tab->frame_rule);
  socketeer_settings_get_kept (settings, "frame-check", &tab->frame_check);
  tab->bytes_per_row = g_settings_get_int (settings, "hex-bytes-per-row");
  show_as (self, tab);
  g_signal_connect_object (settings, "changed::encoding", G_CALLBACK (setting_changed_cb), self, 0);
  g_signal_connect_object (settings, "changed::hex-bytes-per-row", G_CALLBACK (setting_changed_cb), self, 0);
  socketeer_look_attach (self->byte_view);
  g_object_set (self->byte_view, "font-scale", g_settings_get_double (settings, "font-scale"), NULL);
}

void
socketeer_transcript_get_tab (SocketeerTranscript *self, SktTab *tab)
{
  g_return_if_fail (SOCKETEER_IS_TRANSCRIPT (self));

  g_free (tab->view);
  tab->view = g_strdup (skt_view_get_name (get_view (self)));
  g_free (tab->mode);
  tab->mode = g_strdup (skt_mode_get_name (get_mode (self)));
  g_free (tab->encoding);
  tab->encoding = g_strdup (skt_encoding_get_name (socketeer_transcript_get_encoding (self)));
  g_free (tab->frame_rule);
  tab->frame_rule = skt_frame_rule_to_string (socketeer_frame_rule_get (self->frame_rule));
  g_free (tab->frame_check);
  tab->frame_check = skt_frame_check_to_string (socketeer_frame_check_get (self->frame_check));
  tab->bytes_per_row = (int) widths[MIN (gtk_drop_down_get_selected (self->width_drop_down), G_N_ELEMENTS (widths) - 1)];
}

void
socketeer_transcript_set_tab (SocketeerTranscript *self, const SktTab *tab)
{
  g_return_if_fail (SOCKETEER_IS_TRANSCRIPT (self));

  show_as (self, tab);
  update_layout (self);
}

static void
socketeer_transcript_dispose (GObject *object)
{
  SocketeerTranscript *self = SOCKETEER_TRANSCRIPT (object);
  GtkWidget *child;

  g_clear_object (&self->signals);
  g_clear_pointer (&self->sent_marks, socketeer_sent_marks_free);
  g_clear_pointer (&self->popover, gtk_widget_unparent);
  if (self->byte_view != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->byte_view, self);
      socketeer_inspector_set_view (self->inspector, NULL);
      socketeer_find_bar_set_journal (self->find_bar, NULL, NULL);
      socketeer_byte_view_set_journal (self->byte_view, NULL, NULL);
      socketeer_byte_view_set_peers (self->byte_view, 0, NULL, NULL);
      socketeer_places_set_journal (self->places, NULL);
      socketeer_places_set_peers (self->places, NULL, NULL);
      self->byte_view = NULL;
    }
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_pointer (&self->journal, skt_journal_unref);
  g_clear_object (&self->session);
  g_clear_pointer (&self->peers, g_hash_table_unref);
  g_clear_pointer (&self->filter, g_free);

  G_OBJECT_CLASS (socketeer_transcript_parent_class)->dispose (object);
}

static void
socketeer_transcript_class_init (SocketeerTranscriptClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = socketeer_transcript_dispose;
  signals[INSPECTOR_MOVED] = g_signal_new ("inspector-moved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                           G_TYPE_NONE, 0);
  signals[MESSAGE] = g_signal_new ("message", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_install_action (widget_class, "transcript.inspect", NULL, inspect_action);
  g_type_ensure (SOCKETEER_TYPE_BYTE_VIEW);
  g_type_ensure (SOCKETEER_TYPE_FILTER);
  g_type_ensure (SOCKETEER_TYPE_FIND_BAR);
  g_type_ensure (SOCKETEER_TYPE_HIT_MARKS);
  g_type_ensure (SOCKETEER_TYPE_FRAME_CHECK);
  g_type_ensure (SOCKETEER_TYPE_FRAME_RULE);
  g_type_ensure (SOCKETEER_TYPE_INSPECTOR);
  g_type_ensure (SOCKETEER_TYPE_PLACES);
  g_type_ensure (SOCKETEER_TYPE_SPLIT);
  g_type_ensure (SOCKETEER_TYPE_WRAP_LAYOUT);
  gtk_widget_class_install_action (widget_class, "transcript.find-selection", NULL, find_selection_action);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-transcript.ui");
  gtk_widget_class_bind_template_child (widget_class, SocketeerTranscript, text_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerTranscript, hex_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerTranscript, both_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerTranscript, pause_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerTranscript, encoding_drop_down);
  gtk_widget_class_bind_template_child (widget_class, SocketeerTranscript, width_drop_down);
  gtk_widget_class_bind_template_child (widget_class, SocketeerTranscript, mode_drop_down);
  gtk_widget_class_bind_template_child (widget_class, SocketeerTranscript, rule_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerTranscript, filter_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerTranscript, frame_rule);
  gtk_widget_class_bind_template_child (widget_class, SocketeerTranscript, frame_check);
  gtk_widget_class_bind_template_child (widget_class, SocketeerTranscript, filter_editor);
  gtk_widget_class_bind_template_child (widget_class, SocketeerTranscript, find_bar);
  gtk_widget_class_bind_template_child (widget_class, SocketeerTranscript, hit_marks);
  gtk_widget_class_bind_template_child (widget_class, SocketeerTranscript, note_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerTranscript, places);
  gtk_widget_class_bind_template_child (widget_class, SocketeerTranscript, byte_view);
  gtk_widget_class_bind_template_child (widget_class, SocketeerTranscript, inspector);
  gtk_widget_class_bind_template_child (widget_class, SocketeerTranscript, inspector_split);
  gtk_widget_class_bind_template_child (widget_class, SocketeerTranscript, inspector_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerTranscript, empty_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerTranscript, jump_label);
  gtk_widget_class_bind_template_child (widget_class, SocketeerTranscript, jump_revealer);
  gtk_widget_class_bind_template_child (widget_class, SocketeerTranscript, jump_button);
  gtk_widget_class_bind_template_child (widget_class, SocketeerTranscript, context_menu);
}

static void
socketeer_transcript_init (SocketeerTranscript *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  socketeer_encodings_fill (self->encoding_drop_down);
  load_settings (self);
  socketeer_places_set_view (self->places, self->byte_view, GTK_WIDGET (self));
  socketeer_places_set_peers (self->places, dup_peer, self);
  self->signals = g_signal_group_new (SKT_TYPE_SESSION);
  g_signal_group_connect (self->signals, "journal-grown", G_CALLBACK (journal_grown_cb), self);

  g_signal_connect (self->text_button, "toggled", G_CALLBACK (toggled_cb), self);
  g_signal_connect (self->hex_button, "toggled", G_CALLBACK (toggled_cb), self);
  g_signal_connect (self->both_button, "toggled", G_CALLBACK (toggled_cb), self);
  g_signal_connect_swapped (self->encoding_drop_down, "notify::selected", G_CALLBACK (choice_changed_cb), self);
  g_signal_connect_swapped (self->width_drop_down, "notify::selected", G_CALLBACK (choice_changed_cb), self);
  g_signal_connect_swapped (self->mode_drop_down, "notify::selected", G_CALLBACK (choice_changed_cb), self);
  g_signal_connect_swapped (self->frame_rule, "changed", G_CALLBACK (choice_changed_cb), self);
  g_signal_connect_swapped (self->frame_check, "changed", G_CALLBACK (frame_check_cb), self);
  g_signal_connect_swapped (self->filter_editor, "changed", G_CALLBACK (update_layout), self);
  g_signal_connect (self->filter_editor, "notify::active", G_CALLBACK (filter_active_cb), self);
  update_note (self);
  update_rule (self);
  socketeer_find_bar_set_views (self->find_bar, self->byte_view, self->hit_marks);
  g_signal_connect (self->byte_view, "notify::has-selection", G_CALLBACK (has_selection_cb), self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "transcript.find-selection", FALSE);
  socketeer_shortcuts_add (GTK_WIDGET (self), "transcript", GTK_PHASE_BUBBLE, escape_cb, self);
  g_signal_connect (self->pause_button, "toggled", G_CALLBACK (pause_toggled_cb), self);
  g_signal_connect (self->jump_button, "clicked", G_CALLBACK (jump_clicked_cb), self);
  socketeer_inspector_set_view (self->inspector, self->byte_view);
  g_signal_connect (self->inspector_button, "toggled", G_CALLBACK (inspector_toggled_cb), self);
  g_signal_connect_swapped (self->inspector_split, "notify::stacked", G_CALLBACK (inspector_stacked_cb), self);
  g_signal_connect_swapped (self->inspector, "close", G_CALLBACK (inspector_close_cb), self);
  g_settings_bind (socketeer_settings_get (), "inspector", self->inspector_button, "active", G_SETTINGS_BIND_DEFAULT);
  g_signal_connect (self->byte_view, "notify::following", G_CALLBACK (view_notify_cb), self);
  g_signal_connect (self->byte_view, "notify::paused", G_CALLBACK (view_notify_cb), self);
  g_signal_connect (self->byte_view, "notify::new-bytes", G_CALLBACK (view_notify_cb), self);
  g_signal_connect (self->byte_view, "notify::is-empty", G_CALLBACK (is_empty_cb), self);
  g_signal_connect (self->byte_view, "notify::font-scale", G_CALLBACK (font_scale_cb), self);
  g_signal_connect (self->byte_view, "message", G_CALLBACK (message_cb), self);
  g_signal_connect (self->places, "message", G_CALLBACK (message_cb), self);
  g_signal_connect (self->byte_view, "context-menu", G_CALLBACK (context_menu_cb), self);
  gtk_widget_set_visible (GTK_WIDGET (self->width_drop_down), get_view (self) != SKT_VIEW_TEXT);
}
