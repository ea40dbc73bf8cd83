/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-answers [SECONDS]
 *
 * A peer sends 100,000 short lines a second to a server whose 50 rules look for text, bytes, frames and expressions in them. Prints how many
 * lines a second went through all rules, and how late a timer of 10 ms was on the main loop. */
#include "socketeer-config.h"

#include "skt-engine.h"
#include "skt-session.h"

#include <glib/gstdio.h>

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <unistd.h>

#define N_RULES 50
#define RATE 100000
#define LINE "sensor 17 temp=21.5 hum=40\n"
#define LINES_AT_ONCE 100

typedef struct
{
  guint16 port;
  gint seconds;
  guint64 n_lines;
} Peer;

static gpointer
peer_thread (gpointer data)
{
  Peer *peer = data;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = g_htons (peer->port), .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  g_autoptr (GString) lines = g_string_new (NULL);
  gint64 begun = g_get_monotonic_time ();

  for (guint i = 0; i < LINES_AT_ONCE; i++)
    g_string_append (lines, LINE);
  if (connect (fd, (struct sockaddr *) &address, sizeof address) != 0)
    g_error ("can't connect");
  while (g_get_monotonic_time () - begun < peer->seconds * G_TIME_SPAN_SECOND)
    {
      gint64 due = begun + (gint64) (peer->n_lines * G_TIME_SPAN_SECOND / RATE);
      gint64 now = g_get_monotonic_time ();

      if (now < due)
        g_usleep (due - now);
      for (gsize n = 0; n < lines->len;)
        {
          gssize sent = send (fd, lines->str + n, lines->len - n, MSG_NOSIGNAL);

          if (sent <= 0)
            g_error ("can't send");
          n += sent;
        }
      peer->n_lines += LINES_AT_ONCE;
    }
  close (fd);
  return NULL;
}

/* One in five matches each line. */
static SktAnswers *
new_rules (void)
{
  g_autoptr (GPtrArray) rules = g_ptr_array_new_with_free_func ((GDestroyNotify) skt_answer_rule_unref);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("ok\n", 3);
  g_autoptr (SktMessage) message = skt_message_new_from_bytes (bytes);
  const struct { SktMatchKind kind; const char *text; } kinds[] = {
    { SKT_MATCH_TEXT, "temp=99" }, { SKT_MATCH_HEX, "de ad ?? ef" }, { SKT_MATCH_REGEX, "^alarm (\\d+)" },
    { SKT_MATCH_FRAME, NULL },     { SKT_MATCH_TEXT, "error" },
  };
  SktFrameRule frame = { .kind = SKT_FRAME_LINE, .line_ending = SKT_LINE_ENDING_LF };

  for (guint i = 0; i < N_RULES; i++)
    {
      guint k = i % G_N_ELEMENTS (kinds);
      g_autoptr (SktMatchRule) match = skt_match_rule_new (kinds[k].kind, kinds[k].text, SKT_ENCODING_UTF_8, TRUE, &frame, NULL, NULL);

      g_ptr_array_add (rules, skt_answer_rule_new (&(SktAnswerSettings){
        .match = match, .message = message, .max_per_second = SKT_ANSWER_DEFAULT_LIMIT }));
    }
  return skt_answers_new (rules);
}

typedef struct
{
  gint64 due;
  gint64 latest;
} Timer;

static gboolean
timer_cb (gpointer data)
{
  Timer *timer = data;
  gint64 now = g_get_monotonic_time ();

  if (timer->due != 0)
    timer->latest = MAX (timer->latest, now - timer->due);
  timer->due = now + 10 * G_TIME_SPAN_MILLISECOND;
  return G_SOURCE_CONTINUE;
}

static void
closed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  skt_session_close_finish (SKT_SESSION (object), result);
  *(gboolean *) user_data = TRUE;
}

int
main (int argc, char *argv[])
{
  g_autofree char *folder = g_dir_make_tmp ("bench-answers-XXXXXX", NULL);
  g_autoptr (SktEngine) engine = skt_engine_new ();
  g_autoptr (SktSession) session = skt_session_new (engine, SKT_SESSION_SERVER, folder, NULL);
  g_autoptr (SktAnswers) rules = new_rules ();
  Peer peer = { .seconds = argc > 1 ? atoi (argv[1]) : 5 };
  Timer timer = { 0 };
  SktAnswerCounts counts;
  gboolean is_closed = FALSE;
  GThread *thread;
  gint64 begun;

  skt_session_set_answers (session, rules, NULL);
  skt_session_listen (session, &(SktListenOptions){ .address = "127.0.0.1" });
  while (skt_session_get_state (session) != SKT_STATE_LISTENING)
    g_main_context_iteration (NULL, TRUE);
  peer.port = atoi (strrchr (skt_session_get_target (session), ':') + 1);
  g_timeout_add (10, timer_cb, &timer);
  begun = g_get_monotonic_time ();
  thread = g_thread_new ("peer", peer_thread, &peer);
  while (skt_session_get_bytes_received (session) == 0 || skt_session_get_n_open (session) > 0)
    g_main_context_iteration (NULL, TRUE);
  g_thread_join (thread);
  skt_answer_rule_get_counts (skt_answers_get_rule (rules, 3), &counts);
  g_print ("lines sent %" G_GUINT64_FORMAT ", found by a rule for frames %" G_GUINT64_FORMAT "\n", peer.n_lines, counts.n_matches);
  g_print ("lines a second through %d rules: %.0f\n", N_RULES,
           counts.n_matches * 1e6 / (g_get_monotonic_time () - begun));
  g_print ("answered by it %" G_GUINT64_FORMAT ", held back %" G_GUINT64_FORMAT "\n", counts.n_answers, counts.n_held_back);
  g_print ("timer of the main loop late at most: %.1f ms\n", timer.latest / 1e3);

  skt_session_close_async (session, FALSE, closed_cb, &is_closed);
  while (!is_closed)
    g_main_context_iteration (NULL, TRUE);
  skt_engine_stop (engine);
  g_rmdir (folder);
  return 0;
}
