/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-ui.h"
#include "skt-tcp-history.h"
#include "socketeer-byte-view-private.h"
#include "socketeer-connection-kernel.h"
#include "socketeer-graph.h"
#include "socketeer-kernel-rows.h"

#include <string.h>
#include <unistd.h>

/* -- Graphs ---------------------------------------------------------------------------------------------------- */

static void
test_scale (void)
{
  static const struct
  {
    double value, decimal, binary;
  } cases[] = {
    { 0, 1, 1 },       { 1, 1, 1 },        { 1.1, 2, 2 },      { 3, 5, 4 },          { 5, 5, 8 },
    { 5.1, 10, 8 },    { 10, 10, 16 },     { 0.03, 0.05, 0.03125 }, { 1024, 2000, 1024 }, { 1e9, 1e9, 1073741824 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_cmpfloat_with_epsilon (socketeer_graph_round_up (cases[i].value, FALSE), cases[i].decimal, 1e-6);
      g_assert_cmpfloat_with_epsilon (socketeer_graph_round_up (cases[i].value, TRUE), cases[i].binary, 1e-6);
    }
}

static double
get_rtt (const SktTcpInfo *before, const SktTcpInfo *sample)
{
  return sample->rtt;
}

static char *
format_number (double value)
{
  return g_strdup_printf ("%.0f", value);
}

static GtkWidget *
graph_new (void)
{
  SocketeerGraphOptions options = {
    .title = "Numbers", .names = { "first", "second" }, .funcs = { get_rtt, get_rtt }, .format = format_number,
  };

  return g_object_ref_sink (socketeer_graph_new (&options));
}

static SktTcpHistory *
history_new (guint n)
{
  SktTcpHistory *history = skt_tcp_history_new ();

  for (guint i = 0; i < n; i++)
    {
      SktTcpInfo info = { .time = G_TIME_SPAN_DAY + i * G_TIME_SPAN_SECOND / 4, .rtt = i };
      skt_tcp_history_add (history, &info);
    }
  return history;
}

static void
assert_description (GtkWidget *graph, const char *expected)
{
  g_autofree char *problem =
    gtk_test_accessible_check_property (GTK_ACCESSIBLE (graph), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, expected, NULL);
  g_assert_cmpstr (problem, ==, NULL);
}

static void
test_keys (void)
{
  GtkWidget *graph = graph_new ();
  GtkWidget *window = check_window_new (graph);
  g_autoptr (SktTcpHistory) history = history_new (100);

  /* nothing to choose */
  g_assert_true (check_press (graph, GDK_KEY_Left, 0));
  socketeer_graph_update (SOCKETEER_GRAPH (graph), history);
  g_assert_true (check_press (graph, GDK_KEY_Left, 0));
  assert_description (graph, "0.2 s ago: first: 98, from 0 to 99; second: 98, from 0 to 99");
  g_assert_true (check_press (graph, GDK_KEY_Left, 0));
  assert_description (graph, "0.5 s ago: first: 97, from 0 to 99; second: 97, from 0 to 99");
  g_assert_true (check_press (graph, GDK_KEY_Right, 0));
  assert_description (graph, "0.2 s ago: first: 98, from 0 to 99; second: 98, from 0 to 99");
  g_assert_true (check_press (graph, GDK_KEY_Home, 0));
  assert_description (graph, "24.8 s ago: first: 0, from 0 to 99; second: 0, from 0 to 99");
  g_assert_true (check_press (graph, GDK_KEY_Left, 0));
  g_assert_true (check_press (graph, GDK_KEY_Page_Down, 0));
  assert_description (graph, "19.8 s ago: first: 20, from 0 to 99; second: 20, from 0 to 99");
  check_frames (window, 3);
  g_assert_true (check_press (graph, GDK_KEY_Escape, 0));
  assert_description (graph, "first: 99, from 0 to 99; second: 99, from 0 to 99");
  /* and none again */
  socketeer_graph_update (SOCKETEER_GRAPH (graph), NULL);
  check_frames (window, 3);
  check_window_destroy (window);
  g_assert_finalize_object (graph);
}

static void
test_full_graph (void)
{
  GtkWidget *graph = graph_new ();
  GtkWidget *window = check_window_new (graph);
  g_autoptr (SktTcpHistory) history = history_new (SKT_TCP_HISTORY_SIZE + 50);

  socketeer_graph_update (SOCKETEER_GRAPH (graph), history);
  check_frames (window, 3);
  check_window_destroy (window);
  g_assert_finalize_object (graph);
}

/* -- Figures --------------------------------------------------------------------------------------------------- */

static void
test_rows (void)
{
  SktTcpInfo info;
  guint8 zeros[300] = { 0, };
  guint n;
  const SocketeerKernelRow *rows = socketeer_kernel_rows_get (&n);

  /* what is not known is not shown as a number */
  skt_tcp_info_parse (zeros, 0, &info);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *value = rows[i].format (&info);

      if (strcmp (rows[i].name, "TCP state") != 0)
        g_assert_cmpstr (value, ==, NULL);
      g_assert_true (i == 0 || rows[i].group >= rows[i - 1].group);
      g_assert_true (g_str_has_suffix (rows[i].caption, "."));
    }
  skt_tcp_info_parse (zeros, sizeof zeros, &info);
  for (guint i = 0; i < n; i++)
    g_free (rows[i].format (&info));
}

static void
sampled_cb (SktConnection *connection, guint *n)
{
  (*n)++;
}

/* It is sampled while it is seen, whatever becomes of connection and widget. */
static void
test_sampled_while_mapped (CheckFixture *fixture, gconstpointer data)
{
  SktSession *session = check_session_new (fixture, SKT_SESSION_SERVER);
  GtkWidget *kernel = g_object_ref_sink (g_object_new (SOCKETEER_TYPE_CONNECTION_KERNEL, NULL));
  GtkWidget *window = check_window_new (kernel);
  int peer = check_socket_connect (check_session_listen (session));
  SktConnection *connection = g_object_ref (check_wait_for_connection (session, 1));
  guint n = 0, before;

  g_signal_connect (connection, "sampled", G_CALLBACK (sampled_cb), &n);
  g_object_set (kernel, "connection", connection, NULL);
  check_wait (n > 2);
  gtk_widget_set_visible (kernel, FALSE);
  check_run_for (100);
  before = n;
  check_run_for (600);
  g_assert_cmpuint (n, ==, before);
  gtk_widget_set_visible (kernel, TRUE);
  check_wait (n > before + 1);
  g_object_set (kernel, "connection", NULL, NULL);
  check_run_for (100);
  before = n;
  check_run_for (600);
  g_assert_cmpuint (n, ==, before);
  g_object_set (kernel, "connection", connection, NULL);
  close (peer);
  check_wait (skt_connection_get_state (connection) == SKT_STATE_CLOSED);
  check_frames (window, 3);
  check_window_destroy (window);
  g_assert_finalize_object (kernel);
  g_signal_handlers_disconnect_by_data (connection, &n);
  g_object_unref (connection);
  check_session_close (session);
}

/* -- Marks of what was sent ------------------------------------------------------------------------------------ */

typedef struct
{
  guint64 acknowledged;
  gboolean is_over;
} Acks;

static gboolean
get_ack (guint32 connection, guint64 *ret_acknowledged, gboolean *ret_is_over, gpointer user_data)
{
  Acks *acks = user_data;

  *ret_acknowledged = acks->acknowledged;
  *ret_is_over = acks->is_over;
  return connection == 1;
}

static void
add_sent (CheckView *self, guint32 connection, guint64 offset, const char *text)
{
  SktRecord record = { .kind = SKT_RECORD_SENT, .connection = connection, .stream_offset = offset };

  g_assert_true (skt_journal_append (self->journal, &record, (const guint8 *) text, strlen (text), NULL));
  g_assert_true (skt_journal_flush (self->journal, NULL));
}

/* The first character of what each row says: "✓" twice is written "A". */
static void
assert_marks (CheckView *self, const char *expected)
{
  g_autoptr (GString) marks = g_string_new (NULL);

  for (guint i = 0; i < self->view->rows->len; i++)
    {
      const char *words = _socketeer_byte_view_get_ack_words (self->view, self->view->rows->pdata[i]);
      g_string_append_c (marks, g_str_has_prefix (words, "✓✓") ? 'A'
                                : g_str_has_prefix (words, "✓") ? 'o'
                                : words[0] != '\0' ? words[0] : '-');
    }
  g_assert_cmpstr (marks->str, ==, expected);
  socketeer_byte_view_acks_changed (self->view);
  check_frames (self->window, 2);
}

static void
test_marks (CheckView *self, gconstpointer data)
{
  Acks acks = { 0, FALSE };
  g_autofree char *details = NULL;

  add_sent (self, 1, 0, "hello\nworld");
  add_sent (self, 2, 0, "other");
  check_view_add_lines (self, 0, 1);
  add_sent (self, 1, 11, "more");
  check_view_settle (self);
  assert_marks (self, "-----");
  socketeer_byte_view_set_acks (self->view, get_ack, &acks);
  assert_marks (self, "oo--o");
  acks.acknowledged = 6;
  assert_marks (self, "Ao--o");
  acks.acknowledged = 14;
  assert_marks (self, "AA--o");
  acks.is_over = TRUE;
  assert_marks (self, "AA--!");
  details = socketeer_byte_view_dup_details (self->view, (SktPosition){ 3, 0 });
  g_assert_nonnull (strstr (details, "✓✓ acknowledged"));
  acks.acknowledged = 15;
  assert_marks (self, "AA--A");
  socketeer_byte_view_set_acks (self->view, NULL, NULL);
  assert_marks (self, "-----");
}

/* A row that goes on in the next write is acknowledged when all of it is. */
static void
test_marks_over_writes (CheckView *self, gconstpointer data)
{
  Acks acks = { 5, FALSE };
  SktLayoutOptions options = { .mode = SKT_MODE_STREAM };
  g_autoptr (SktLayout) layout = skt_layout_new (&options);

  socketeer_byte_view_set_layout (self->view, layout);
  add_sent (self, 1, 0, "hello");
  add_sent (self, 1, 5, " world\nx");
  add_sent (self, 1, 13, "yz");
  check_view_settle (self);
  socketeer_byte_view_set_acks (self->view, get_ack, &acks);
  assert_marks (self, "oo");
  acks.acknowledged = 12;
  assert_marks (self, "Ao");
  acks.acknowledged = 14;
  assert_marks (self, "Ao");
  acks.acknowledged = 15;
  assert_marks (self, "AA");
  socketeer_byte_view_set_acks (self->view, NULL, NULL);
}

int
main (int argc, char *argv[])
{
  check_ui_init (&argc, &argv);
  g_test_add_func ("/ui/graph/scale", test_scale);
  g_test_add_func ("/ui/graph/keys", test_keys);
  g_test_add_func ("/ui/graph/full", test_full_graph);
  g_test_add_func ("/ui/kernel/rows", test_rows);
  check_add ("/ui/kernel/sampled-while-mapped", test_sampled_while_mapped);
  check_view_add ("/ui/kernel/marks", test_marks);
  check_view_add ("/ui/kernel/marks-over-writes", test_marks_over_writes);
  return g_test_run ();
}
