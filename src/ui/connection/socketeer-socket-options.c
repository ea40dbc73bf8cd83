/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Socketeer"

#include "socketeer-config.h"

#include "socketeer-socket-options.h"

#include <glib/gi18n.h>

enum
{
  IDLE,
  INTERVAL,
  COUNT,
  USER_TIMEOUT,
  LINGER,
  SEND_BUFFER,
  RECEIVE_BUFFER,
  TTL,
  N_SPINS
};

struct _SocketeerSocketOptions
{
  GtkWidget parent_instance;

  /* borrowed: children */
  GtkGrid *grid;
  GtkCheckButton *no_delay_check, *keep_alive_check;
  GtkSpinButton *spins[N_SPINS];
  GtkDropDown *congestion_drop;
  GtkLabel *interface_label, *problem_label;
  GtkEntry *interface_entry;

  /* owned */
  char **congestions; /* "" first */

  SktSocketOptions options; /* what was set last */
  gboolean in_change;
  int n_rows;
};

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SocketeerSocketOptions, socketeer_socket_options, GTK_TYPE_WIDGET)

static void
changed_cb (SocketeerSocketOptions *self)
{
  if (!self->in_change)
    g_signal_emit (self, signals[CHANGED], 0);
}

static guint
get_spin (SocketeerSocketOptions *self, guint spin)
{
  return gtk_spin_button_get_value_as_int (self->spins[spin]);
}

void
socketeer_socket_options_get (SocketeerSocketOptions *self, SktSocketOptions *ret_options)
{
  guint congestion;

  g_return_if_fail (SOCKETEER_IS_SOCKET_OPTIONS (self));

  *ret_options = self->options;
  ret_options->no_delay = gtk_check_button_get_active (self->no_delay_check);
  ret_options->keep_alive = gtk_check_button_get_active (self->keep_alive_check);
  ret_options->keep_idle_s = get_spin (self, IDLE);
  ret_options->keep_interval_s = get_spin (self, INTERVAL);
  ret_options->keep_count = get_spin (self, COUNT);
  ret_options->user_timeout_ms = get_spin (self, USER_TIMEOUT);
  ret_options->linger_s = gtk_spin_button_get_value_as_int (self->spins[LINGER]);
  ret_options->send_buffer = get_spin (self, SEND_BUFFER);
  ret_options->receive_buffer = get_spin (self, RECEIVE_BUFFER);
  ret_options->ttl = get_spin (self, TTL);
  congestion = gtk_drop_down_get_selected (self->congestion_drop);
  if (congestion < g_strv_length (self->congestions))
    g_strlcpy (ret_options->congestion, self->congestions[congestion], sizeof ret_options->congestion);
  g_strlcpy (ret_options->interface, gtk_editable_get_text (GTK_EDITABLE (self->interface_entry)),
             sizeof ret_options->interface);
}

static void
set_congestion (SocketeerSocketOptions *self, const char *name)
{
  for (guint i = 0; self->congestions[i] != NULL; i++)
    if (g_str_equal (self->congestions[i], name))
      {
        gtk_drop_down_set_selected (self->congestion_drop, i);
        return;
      }
  gtk_drop_down_set_selected (self->congestion_drop, 0);
}

void
socketeer_socket_options_set (SocketeerSocketOptions *self, const SktSocketOptions *options, gboolean is_actual)
{
  g_return_if_fail (SOCKETEER_IS_SOCKET_OPTIONS (self));

  self->in_change = TRUE;
  self->options = *options;
  gtk_check_button_set_active (self->no_delay_check, options->no_delay);
  gtk_check_button_set_active (self->keep_alive_check, options->keep_alive);
  gtk_spin_button_set_value (self->spins[IDLE], options->keep_idle_s);
  gtk_spin_button_set_value (self->spins[INTERVAL], options->keep_interval_s);
  gtk_spin_button_set_value (self->spins[COUNT], options->keep_count);
  gtk_spin_button_set_value (self->spins[USER_TIMEOUT], options->user_timeout_ms);
  gtk_spin_button_set_value (self->spins[LINGER], options->linger_s);
  gtk_spin_button_set_value (self->spins[SEND_BUFFER], options->send_buffer);
  gtk_spin_button_set_value (self->spins[RECEIVE_BUFFER], options->receive_buffer);
  gtk_spin_button_set_value (self->spins[TTL], options->ttl);
  set_congestion (self, options->congestion);
  gtk_editable_set_text (GTK_EDITABLE (self->interface_entry), options->interface);
  gtk_widget_set_sensitive (GTK_WIDGET (self->interface_entry), !is_actual);
  self->in_change = FALSE;
}

void
socketeer_socket_options_set_problem (SocketeerSocketOptions *self, const char *problem)
{
  g_return_if_fail (SOCKETEER_IS_SOCKET_OPTIONS (self));

  gtk_label_set_label (self->problem_label, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), problem != NULL);
}

void
socketeer_socket_options_show (SocketeerSocketOptions *self, gboolean interface, gboolean no_delay)
{
  g_return_if_fail (SOCKETEER_IS_SOCKET_OPTIONS (self));

  gtk_widget_set_visible (GTK_WIDGET (self->interface_label), interface);
  gtk_widget_set_visible (GTK_WIDGET (self->interface_entry), interface);
  gtk_widget_set_visible (GTK_WIDGET (self->no_delay_check), no_delay);
}

/* -- Building ----------------------------------------------------------------------------------------------------- */

static GtkCheckButton *
add_check (SocketeerSocketOptions *self, const char *title, const char *tip)
{
  GtkWidget *check = gtk_check_button_new_with_label (title);

  gtk_widget_set_tooltip_text (check, tip);
  gtk_grid_attach (self->grid, check, 0, self->n_rows++, 2, 1);
  g_signal_connect_swapped (check, "toggled", G_CALLBACK (changed_cb), self);
  return GTK_CHECK_BUTTON (check);
}

static GtkLabel *
add_row (SocketeerSocketOptions *self, const char *title, const char *tip, GtkWidget *widget)
{
  GtkWidget *label = gtk_label_new (title);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 22);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_tooltip_text (label, tip);
  gtk_widget_set_valign (widget, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_grid_attach (self->grid, label, 0, self->n_rows, 1, 1);
  gtk_grid_attach (self->grid, widget, 1, self->n_rows++, 1, 1);
  return GTK_LABEL (label);
}

static void
add_spin (SocketeerSocketOptions *self, guint spin, const char *title, const char *tip, double lower, double upper,
          double step)
{
  GtkWidget *widget = gtk_spin_button_new_with_range (lower, upper, step);

  gtk_editable_set_width_chars (GTK_EDITABLE (widget), 7);
  gtk_spin_button_set_numeric (GTK_SPIN_BUTTON (widget), TRUE);
  self->spins[spin] = GTK_SPIN_BUTTON (widget);
  add_row (self, title, tip, widget);
  g_signal_connect_swapped (widget, "value-changed", G_CALLBACK (changed_cb), self);
}

static void
add_congestion (SocketeerSocketOptions *self)
{
  g_auto (GStrv) allowed = skt_socket_options_list_congestion ();
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  GtkWidget *drop;

  g_strv_builder_add (builder, "");
  /* Translators: congestion control: the one that the operating system uses */
  gtk_string_list_append (names, _ ("the system’s"));
  for (guint i = 0; allowed[i] != NULL; i++)
    {
      g_strv_builder_add (builder, allowed[i]);
      gtk_string_list_append (names, allowed[i]);
    }
  self->congestions = g_strv_builder_end (builder);
  drop = gtk_drop_down_new (G_LIST_MODEL (g_steal_pointer (&names)), NULL);
  self->congestion_drop = GTK_DROP_DOWN (drop);
  add_row (self, _ ("Congestion control"), _ ("TCP_CONGESTION: how fast is sent, and what is done when something is lost"), drop);
  g_signal_connect_swapped (drop, "notify::selected", G_CALLBACK (changed_cb), self);
}

static void
add_interface (SocketeerSocketOptions *self)
{
  GtkWidget *entry = gtk_entry_new ();

  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 7);
  gtk_entry_set_max_length (GTK_ENTRY (entry), SKT_INTERFACE_MAX - 1);
  /* Translators: network interface: any one */
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), _ ("any"));
  self->interface_entry = GTK_ENTRY (entry);
  self->interface_label = add_row (self, _ ("Network interface"),
                                   _ ("SO_BINDTODEVICE, such as “eth0”: nothing goes through another one"), entry);
  g_signal_connect_swapped (entry, "changed", G_CALLBACK (changed_cb), self);
}

static void
add_rows (SocketeerSocketOptions *self)
{
  self->no_delay_check = add_check (self, _ ("Send small messages at once"),
                                    _ ("TCP_NODELAY: without it a small segment waits until the one before is acknowledged"));
  self->keep_alive_check = add_check (self, _ ("Keep-alive"),
                                      _ ("SO_KEEPALIVE: asks an idle peer for an acknowledgement, so that one that is gone is noticed"));
  add_spin (self, IDLE, _ ("Keep-alive after (s)"), _ ("TCP_KEEPIDLE: idle for so long, the first probe is sent; 0: the system’s"), 0, 32767, 1);
  add_spin (self, INTERVAL, _ ("Keep-alive interval (s)"), _ ("TCP_KEEPINTVL: between two probes; 0: the system’s"), 0, 32767, 1);
  add_spin (self, COUNT, _ ("Keep-alive probes"), _ ("TCP_KEEPCNT: so many without an answer end the connection; 0: the system’s"), 0, 127, 1);
  add_spin (self, USER_TIMEOUT, _ ("User timeout (ms)"),
            _ ("TCP_USER_TIMEOUT: for so long sent bytes may stay unacknowledged, then the connection ends; 0: the system’s"), 0, 86400000, 1000);
  add_spin (self, LINGER, _ ("Linger (s)"),
            _ ("SO_LINGER: 0: closing sends RST and drops what is not sent; above: closing waits so long for the peer; −1: the default"), -1, 3600, 1);
  add_spin (self, SEND_BUFFER, _ ("Send buffer (bytes)"),
            _ ("SO_SNDBUF: what the system takes before sending waits; the kernel doubles what is asked for; 0: the system’s, which grows"), 0, 1 << 30, 4096);
  add_spin (self, RECEIVE_BUFFER, _ ("Receive buffer (bytes)"),
            _ ("SO_RCVBUF: bounds the window that is told to the peer; the kernel doubles what is asked for; 0: the system’s, which grows"), 0, 1 << 30, 4096);
  add_spin (self, TTL, _ ("TTL / hop limit"), _ ("IP_TTL, IPV6_UNICAST_HOPS: after so many routers a packet is dropped; 0: the system’s"), 0, 255, 1);
  add_congestion (self);
  add_interface (self);
}

static void
socketeer_socket_options_dispose (GObject *object)
{
  SocketeerSocketOptions *self = SOCKETEER_SOCKET_OPTIONS (object);
  GtkWidget *child;

  self->in_change = TRUE;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_pointer (&self->congestions, g_strfreev);

  G_OBJECT_CLASS (socketeer_socket_options_parent_class)->dispose (object);
}

static void
socketeer_socket_options_class_init (SocketeerSocketOptionsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = socketeer_socket_options_dispose;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
socketeer_socket_options_init (SocketeerSocketOptions *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *problem = gtk_label_new (NULL);

  self->in_change = TRUE;
  self->grid = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_row_spacing (self->grid, 6);
  gtk_grid_set_column_spacing (self->grid, 6);
  add_rows (self);
  gtk_label_set_wrap (GTK_LABEL (problem), TRUE);
  gtk_label_set_xalign (GTK_LABEL (problem), 0);
  gtk_label_set_max_width_chars (GTK_LABEL (problem), 30);
  gtk_widget_set_visible (problem, FALSE);
  gtk_widget_add_css_class (problem, "error");
  gtk_accessible_update_property (GTK_ACCESSIBLE (problem), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _ ("Socket option problem"), -1);
  self->problem_label = GTK_LABEL (problem);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->grid));
  gtk_box_append (GTK_BOX (box), problem);
  gtk_widget_set_parent (box, GTK_WIDGET (self));
  self->in_change = FALSE;
}
