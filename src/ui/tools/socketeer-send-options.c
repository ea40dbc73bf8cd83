/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-send-options.h"

#include <glib/gi18n.h>

#include "skt-repeat.h"
#include "skt-send-to.h"
#include "socketeer-page-private.h"
#include "socketeer-settings.h"
#include "socketeer-wrap-layout.h"

/* The items of the drop-down. */
typedef enum
{
  SHAPE_WHOLE,
  SHAPE_PIECES,
  SHAPE_JOINED,
} Shape;

struct _SocketeerSendOptions
{
  GtkWidget parent_instance;

  /* template */
  GtkRevealer *revealer;
  GtkAdjustment *interval_adjustment, *count_adjustment, *jitter_adjustment;
  GtkAdjustment *piece_adjustment, *pause_adjustment, *join_adjustment;
  GtkSpinButton *interval_spin, *count_spin, *jitter_spin, *piece_spin, *pause_spin, *join_spin;
  GtkButton *start_button, *release_button;
  GtkDropDown *shape_drop_down, *to_drop_down;
  GtkWidget *piece_box, *join_box, *to_box;
  GtkMenuButton *command_button;
  GtkLabel *hint_label, *state_label;

  /* borrowed: the page contains this, the composer the others */
  SocketeerPage *page;          /* NULL: not yet, or closed */
  SocketeerComposer *composer;
  GtkToggleButton *toggle;
  GtkButton *stop_button;

  /* owned */
  SktSession *session;
  SktRepeat *repeat;            /* NULL: none was started */
  guint32 turn;                 /* who had the last one */
};

enum
{
  RECIPIENTS_CHANGED,
  PROBLEM,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SocketeerSendOptions, socketeer_send_options, GTK_TYPE_WIDGET)

/* -- What is chosen ------------------------------------------------------------------------------------------ */

static Shape
get_shape_kind (SocketeerSendOptions *self)
{
  return gtk_drop_down_get_selected (self->shape_drop_down);
}

static void
get_shape (SocketeerSendOptions *self, SktShape *ret_shape)
{
  *ret_shape = (SktShape){ 0, };
  if (get_shape_kind (self) == SHAPE_PIECES)
    {
      ret_shape->piece = (guint) gtk_adjustment_get_value (self->piece_adjustment);
      ret_shape->pause_ms = (guint) gtk_adjustment_get_value (self->pause_adjustment);
    }
  else if (get_shape_kind (self) == SHAPE_JOINED)
    ret_shape->join = (guint) gtk_adjustment_get_value (self->join_adjustment);
}

SktRecipientsKind
socketeer_send_options_get_recipients (SocketeerSendOptions *self)
{
  g_return_val_if_fail (SOCKETEER_IS_SEND_OPTIONS (self), SKT_RECIPIENTS_CHOSEN);
  return gtk_drop_down_get_selected (self->to_drop_down);
}

static SktRecipients *
dup_recipients (SocketeerSendOptions *self)
{
  g_autoptr (GPtrArray) choice = _socketeer_page_dup_choice (self->page);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint i = 0; choice != NULL && i < choice->len; i++)
    {
      guint32 id = skt_connection_get_id (g_ptr_array_index (choice, i));

      g_array_append_val (ids, id);
    }
  return skt_recipients_new (socketeer_send_options_get_recipients (self), (const guint32 *) (gpointer) ids->data, ids->len);
}

gboolean
socketeer_send_options_send (SocketeerSendOptions *self, GBytes *bytes, GError **error)
{
  g_autoptr (SktRecipients) recipients = NULL;
  SktShape shape;

  g_return_val_if_fail (SOCKETEER_IS_SEND_OPTIONS (self) && self->page != NULL, FALSE);

  get_shape (self, &shape);
  recipients = dup_recipients (self);
  return skt_send_to (self->session, recipients, &self->turn, &shape, bytes, error);
}

/* -- What is shown ------------------------------------------------------------------------------------------- */

static gboolean
is_repeating (SocketeerSendOptions *self)
{
  return self->repeat != NULL && !skt_repeat_is_over (self->repeat);
}

static gboolean
has_pieces (SocketeerSendOptions *self)
{
  return self->session != NULL && get_shape_kind (self) == SHAPE_PIECES && skt_session_get_bytes_queued (self->session) > 0;
}

/* A tooltip becomes the accessible description; the label stays what it is. */
static void
set_tip (GtkWidget *widget, const char *tip)
{
  if (g_strcmp0 (gtk_widget_get_tooltip_text (widget), tip) != 0)
    gtk_widget_set_tooltip_text (widget, tip);
}

static void
update_start_button (SocketeerSendOptions *self)
{
  gboolean runs = is_repeating (self);
  gboolean can_send = FALSE;

  g_object_get (self->composer, "can-send", &can_send, NULL);
  gtk_button_set_label (self->start_button, runs ? _ ("Stop") : _ ("Start"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->start_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  runs ? _ ("Stop repeating") : _ ("Start repeating"), -1);
  gtk_widget_set_sensitive (GTK_WIDGET (self->start_button), runs || can_send);
}

/* What runs is seen, and can be stopped, where Send is. */
static void
update_running (SocketeerSendOptions *self)
{
  g_autofree char *text = self->repeat != NULL ? skt_repeat_dup_text (self->repeat) : NULL;
  gboolean runs = is_repeating (self), has_some = has_pieces (self);
  GtkWidget *stop = GTK_WIDGET (self->stop_button), *toggle = GTK_WIDGET (self->toggle);

  gtk_label_set_label (self->state_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->state_label), text != NULL);
  set_tip (GTK_WIDGET (self->state_label), text);
  /* the tooltip has become the description */
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->state_label), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _ ("State of repeating"), -1);
  update_start_button (self);
  gtk_widget_set_visible (stop, runs || has_some);
  set_tip (stop, runs ? text : _ ("Stop sending in pieces: what is left is not sent"));
  set_tip (toggle, runs ? text : _ ("Repeat, cut or join messages, choose to whom, copy as command"));
  if (runs)
    gtk_widget_add_css_class (toggle, "running");
  else
    gtk_widget_remove_css_class (toggle, "running");
}

static void
update_shape (SocketeerSendOptions *self)
{
  Shape kind = get_shape_kind (self);
  gboolean no_delay = TRUE;
  const char *hint = "";

  gtk_widget_set_visible (self->piece_box, kind == SHAPE_PIECES);
  gtk_widget_set_visible (self->join_box, kind == SHAPE_JOINED);
  if (self->session != NULL)
    g_object_get (self->session, "no-delay", &no_delay, NULL);
  if (kind == SHAPE_PIECES && !no_delay)
    hint = _ ("TCP_NODELAY is off: Nagle’s algorithm holds a piece back while the one before is not acknowledged, and joins what waits.");
  else if (kind == SHAPE_PIECES && gtk_adjustment_get_value (self->pause_adjustment) < 1)
    hint = _ ("Without a pause TCP may join pieces that it can’t send at once, although each is a write of its own.");
  gtk_label_set_label (self->hint_label, hint);
  gtk_widget_set_visible (GTK_WIDGET (self->hint_label), *hint != '\0');
}

static void
update_queue (SocketeerSendOptions *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->release_button),
                            self->session != NULL && skt_session_get_bytes_queued (self->session) > 0);
  if (self->stop_button != NULL && gtk_widget_get_visible (GTK_WIDGET (self->stop_button)) != (is_repeating (self) || has_pieces (self)))
    update_running (self);
}

static void
shape_changed_cb (SocketeerSendOptions *self)
{
  update_shape (self);
  update_queue (self);
}

static void
recipients_changed_cb (SocketeerSendOptions *self)
{
  g_signal_emit (self, signals[RECIPIENTS_CHANGED], 0);
}

/* -- Starting and stopping ----------------------------------------------------------------------------------- */

static SktMessage *
dup_message (SocketeerSendOptions *self, GError **error)
{
  g_autoptr (SktMessage) message = socketeer_page_dup_message (self->page, error);
  g_autoptr (GBytes) bytes = message != NULL ? skt_message_expand (message, NULL, error) : NULL;

  if (bytes == NULL)
    return NULL;
  if (g_bytes_get_size (bytes) > 0)
    return g_steal_pointer (&message);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _ ("There is nothing to send: type a message first."));
  return NULL;
}

static void
start (SocketeerSendOptions *self)
{
  g_autoptr (SktRecipients) recipients = NULL;
  g_autoptr (SktMessage) message = NULL;
  g_autoptr (GError) error = NULL;
  SktRepeatOptions options = {
    .interval_ms = (guint) gtk_adjustment_get_value (self->interval_adjustment),
    .jitter_ms = (guint) gtk_adjustment_get_value (self->jitter_adjustment),
    .count = (guint64) gtk_adjustment_get_value (self->count_adjustment),
  };

  message = dup_message (self, &error);
  if (message == NULL)
    {
      g_signal_emit (self, signals[PROBLEM], 0, error->message);
      return;
    }
  get_shape (self, &options.shape);
  recipients = dup_recipients (self);
  g_clear_object (&self->repeat);
  self->repeat = skt_repeat_new (self->session, message, recipients, &options);
  g_signal_connect_object (self->repeat, "changed", G_CALLBACK (update_running), self, G_CONNECT_SWAPPED);
  update_running (self);
}

static void
stop (SocketeerSendOptions *self)
{
  GListModel *connections = skt_session_get_connections (self->session);

  if (self->repeat != NULL)
    skt_repeat_stop (self->repeat);
  if (get_shape_kind (self) != SHAPE_PIECES)
    return;
  for (guint32 id = 1; id <= g_list_model_get_n_items (connections); id++)
    {
      SktConnection *connection = skt_session_get_connection (self->session, id);

      if (skt_connection_is_open (connection) && skt_connection_get_bytes_queued (connection) > 0)
        skt_connection_drop_shaped (connection);
    }
}

static void
start_clicked_cb (SocketeerSendOptions *self)
{
  if (self->page == NULL)
    return;
  if (is_repeating (self))
    stop (self);
  else
    start (self);
}

static void
stop_clicked_cb (SocketeerSendOptions *self)
{
  if (self->page != NULL)
    stop (self);
}

static void
release_clicked_cb (SocketeerSendOptions *self)
{
  GListModel *connections;

  if (self->page == NULL)
    return;
  connections = skt_session_get_connections (self->session);
  for (guint32 id = 1; id <= g_list_model_get_n_items (connections); id++)
    {
      SktConnection *connection = skt_session_get_connection (self->session, id);

      if (skt_connection_is_open (connection))
        skt_connection_release (connection);
    }
}

/* -- Making and ending --------------------------------------------------------------------------------------- */

static GtkWidget *
stop_button_new (void)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("media-playback-stop-symbolic");

  gtk_widget_add_css_class (button, "destructive-action");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Stop sending"), -1);
  gtk_widget_set_visible (button, FALSE);
  return button;
}

static GtkWidget *
toggle_new (void)
{
  GtkWidget *button = gtk_toggle_button_new ();

  gtk_button_set_icon_name (GTK_BUTTON (button), "media-playlist-repeat-symbolic");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Send options"), -1);
  return button;
}

static void
add_buttons (SocketeerSendOptions *self)
{
  GtkWidget *stop_button = stop_button_new (), *toggle = toggle_new ();

  self->stop_button = GTK_BUTTON (stop_button);
  self->toggle = GTK_TOGGLE_BUTTON (toggle);
  socketeer_composer_add_button (self->composer, stop_button);
  socketeer_composer_add_button (self->composer, toggle);
  g_signal_connect_object (stop_button, "clicked", G_CALLBACK (stop_clicked_cb), self, G_CONNECT_SWAPPED);
  g_object_bind_property (toggle, "active", self->revealer, "reveal-child", G_BINDING_SYNC_CREATE);
  g_settings_bind (socketeer_settings_get (), "send-options", toggle, "active", G_SETTINGS_BIND_DEFAULT);
}

static void
bind_numbers (SocketeerSendOptions *self)
{
  GSettings *settings = socketeer_settings_get ();
  const struct
  {
    const char *key;
    GtkAdjustment *adjustment;
  } numbers[] = {
    { "repeat-interval", self->interval_adjustment }, { "repeat-jitter", self->jitter_adjustment },
    { "repeat-count", self->count_adjustment },       { "piece-size", self->piece_adjustment },
    { "piece-pause", self->pause_adjustment },        { "join-count", self->join_adjustment },
  };

  /* The user's choice is offered to the next page; that of other pages does not change under their hands. */
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    g_settings_bind (settings, numbers[i].key, numbers[i].adjustment, "value", G_SETTINGS_BIND_DEFAULT | G_SETTINGS_BIND_GET_NO_CHANGES);
}

void
socketeer_send_options_set_page (SocketeerSendOptions *self, SocketeerPage *page, SocketeerComposer *composer)
{
  g_autoptr (GMenuModel) menu = NULL;

  g_return_if_fail (SOCKETEER_IS_SEND_OPTIONS (self) && self->page == NULL);
  g_return_if_fail (SOCKETEER_IS_PAGE (page));

  self->page = page;
  self->composer = composer;
  self->session = g_object_ref (socketeer_page_get_session (page));
  gtk_widget_set_visible (self->to_box, socketeer_page_get_kind (page) == SOCKETEER_PAGE_SERVER);
  menu = _socketeer_page_dup_command_menu (page);
  gtk_menu_button_set_menu_model (self->command_button, menu);
  add_buttons (self);
  g_signal_connect_object (composer, "notify::can-send", G_CALLBACK (update_start_button), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::bytes-queued", G_CALLBACK (update_queue), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::no-delay", G_CALLBACK (update_shape), self, G_CONNECT_SWAPPED);
  update_shape (self);
  update_queue (self);
  update_running (self);
}

void
socketeer_send_options_stop (SocketeerSendOptions *self)
{
  g_return_if_fail (SOCKETEER_IS_SEND_OPTIONS (self));

  if (self->page != NULL)
    stop (self);
}

void
socketeer_send_options_close (SocketeerSendOptions *self)
{
  g_return_if_fail (SOCKETEER_IS_SEND_OPTIONS (self));

  self->page = NULL;
  if (self->repeat != NULL)
    g_signal_handlers_disconnect_by_data (self->repeat, self);
  g_clear_object (&self->repeat);
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
}

static GtkSizeRequestMode
socketeer_send_options_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* The width does not depend on the height: asked for it, labels that wrap would want to be as wide as their text, and the page with them. */
static void
socketeer_send_options_measure (GtkWidget *widget,
                                GtkOrientation orientation,
                                int for_size,
                                int *minimum,
                                int *natural,
                                int *minimum_baseline,
                                int *natural_baseline)
{
  GtkWidget *child = GTK_WIDGET (SOCKETEER_SEND_OPTIONS (widget)->revealer);
  int least;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      gtk_widget_measure (child, orientation, -1, minimum, natural, NULL, NULL);
      return;
    }
  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  gtk_widget_measure (child, orientation, for_size < 0 ? -1 : MAX (for_size, least), minimum, natural, NULL, NULL);
}

static void
socketeer_send_options_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  gtk_widget_allocate (GTK_WIDGET (SOCKETEER_SEND_OPTIONS (widget)->revealer), width, height, baseline, NULL);
}

static void
socketeer_send_options_dispose (GObject *object)
{
  GtkWidget *child;

  socketeer_send_options_close (SOCKETEER_SEND_OPTIONS (object));
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (socketeer_send_options_parent_class)->dispose (object);
}

#define BIND(name) gtk_widget_class_bind_template_child (widget_class, SocketeerSendOptions, name)

static void
socketeer_send_options_class_init (SocketeerSendOptionsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = socketeer_send_options_dispose;
  widget_class->get_request_mode = socketeer_send_options_get_request_mode;
  widget_class->measure = socketeer_send_options_measure;
  widget_class->size_allocate = socketeer_send_options_size_allocate;
  signals[RECIPIENTS_CHANGED] =
    g_signal_new ("recipients-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[PROBLEM] =
    g_signal_new ("problem", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (SOCKETEER_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/socketeer-send-options.ui");
  BIND (revealer);
  BIND (interval_adjustment);
  BIND (count_adjustment);
  BIND (jitter_adjustment);
  BIND (piece_adjustment);
  BIND (pause_adjustment);
  BIND (join_adjustment);
  BIND (interval_spin);
  BIND (count_spin);
  BIND (jitter_spin);
  BIND (piece_spin);
  BIND (pause_spin);
  BIND (join_spin);
  BIND (start_button);
  BIND (release_button);
  BIND (shape_drop_down);
  BIND (to_drop_down);
  BIND (piece_box);
  BIND (join_box);
  BIND (to_box);
  BIND (command_button);
  BIND (hint_label);
  BIND (state_label);
}

static void
socketeer_send_options_init (SocketeerSendOptions *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  bind_numbers (self);
  g_signal_connect_swapped (self->start_button, "clicked", G_CALLBACK (start_clicked_cb), self);
  g_signal_connect_swapped (self->release_button, "clicked", G_CALLBACK (release_clicked_cb), self);
  g_signal_connect_swapped (self->shape_drop_down, "notify::selected", G_CALLBACK (shape_changed_cb), self);
  g_signal_connect_swapped (self->pause_adjustment, "value-changed", G_CALLBACK (shape_changed_cb), self);
  g_signal_connect_swapped (self->to_drop_down, "notify::selected", G_CALLBACK (recipients_changed_cb), self);
}
