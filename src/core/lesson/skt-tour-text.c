/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-tour-private.h"

#include <glib/gi18n-lib.h>

/* The words are those of RFC 9293. */

typedef struct
{
  const char *title, *text;
  const char *actions[2];
  SktTourPlace place;
} Step;

static const Step steps[] = {
  [SKT_TOUR_CONNECT] = {
    N_ ("Connect: the Three-Way Handshake"),
    N_ ("The client’s TCP sends SYN, the server’s answers with SYN and ACK in one segment, and the client’s sends ACK. Each has then told "
        "the other its initial sequence number, and both ends are in the state ESTABLISHED."),
    { N_ ("Connect") },
    SKT_TOUR_PLACE_LIFE,
  },
  [SKT_TOUR_SEND] = {
    N_ ("Send: a Stream of Numbered Bytes"),
    N_ ("TCP numbers each byte that you send, and the peer’s TCP acknowledges up to which number it has received them. What is not "
        "acknowledged in time is sent again, so that the bytes arrive complete and in order."),
    { N_ ("Send a Message") },
    SKT_TOUR_PLACE_KERNEL,
  },
  [SKT_TOUR_READS] = {
    N_ ("Reads Are Not Messages"),
    N_ ("TCP keeps the bytes and their order, but it knows no messages: three writes may come in one read, and one message in several "
        "reads. So a protocol over TCP says itself where a message ends, by its length or by a delimiter such as a line feed."),
    { N_ ("Send Three at Once"), N_ ("Send One in Pieces") },
    SKT_TOUR_PLACE_SERVER,
  },
  [SKT_TOUR_HALF_CLOSE] = {
    N_ ("Half-Close: Finished Sending"),
    N_ ("A connection is two streams, one in each direction, and each side ends its own: FIN says “I have no more data to send”. The other "
        "direction stays open for as long as the peer has something to send."),
    { N_ ("Finish Sending (FIN)") },
    SKT_TOUR_PLACE_LIFE,
  },
  [SKT_TOUR_CLOSE] = {
    N_ ("Close: Both Have Finished"),
    N_ ("When both sides have sent FIN and both FINs are acknowledged, the connection is closed, and all data has arrived. The side that "
        "closed first stays in TIME-WAIT for a while, so that late segments of this connection can’t get into a new one."),
    { N_ ("Close the Connection") },
    SKT_TOUR_PLACE_LIFE,
  },
  [SKT_TOUR_RESET] = {
    N_ ("Reset: the Abrupt End"),
    N_ ("RST ends both directions at once: what is still on its way or unread may be lost, nobody acknowledges it, and there is no TIME-WAIT. "
        "The other program gets the error “connection reset by peer” (ECONNRESET)."),
    { N_ ("Reset (RST)") },
    SKT_TOUR_PLACE_SERVER,
  },
  [SKT_TOUR_UDP] = {
    N_ ("What UDP Does Otherwise"),
    N_ ("UDP has no connection: no handshake, no acknowledgement and no FIN, so a datagram can be lost, doubled or overtaken, and UDP itself "
        "doesn’t notice. But it keeps borders: what was sent by one call is received by one call, whole or not at all."),
    { N_ ("Send Three Datagrams") },
    SKT_TOUR_PLACE_CLIENT,
  },
};
G_STATIC_ASSERT (G_N_ELEMENTS (steps) == SKT_TOUR_N_STEPS);

const char *
skt_tour_step_get_title (SktTourStep step)
{
  g_return_val_if_fail (step < SKT_TOUR_N_STEPS, NULL);
  return _ (steps[step].title);
}

const char *
skt_tour_step_get_text (SktTourStep step)
{
  g_return_val_if_fail (step < SKT_TOUR_N_STEPS, NULL);
  return _ (steps[step].text);
}

const char *
skt_tour_step_get_action (SktTourStep step, guint variant)
{
  g_return_val_if_fail (step < SKT_TOUR_N_STEPS && variant < G_N_ELEMENTS (steps[step].actions), NULL);
  return steps[step].actions[variant] != NULL ? _ (steps[step].actions[variant]) : NULL;
}

SktTourPlace
skt_tour_step_get_place (SktTourStep step)
{
  g_return_val_if_fail (step < SKT_TOUR_N_STEPS, SKT_TOUR_PLACE_CLIENT);
  return steps[step].place;
}

static char *
dup_counts (const SktTourCounts *counts)
{
  g_autofree char *bytes = g_strdup_printf ("%" G_GUINT64_FORMAT, counts->n_bytes);
  g_autofree char *writes = g_strdup_printf ("%" G_GUINT64_FORMAT, counts->n_writes);
  g_autofree char *reads = g_strdup_printf ("%" G_GUINT64_FORMAT, counts->n_reads);

  /* Translators: all are numbers: how often the client wrote, how often the server read, how many bytes that were */
  return g_strdup_printf (_ ("Writes of the client: %1$s. Reads of the server: %2$s. Bytes of both: %3$s. Each row of a transcript is one read "
                             "or one write; “Stream”, above it, shows the same bytes without these borders."),
                          writes, reads, bytes);
}

static const char *
get_end (SktConnection *connection)
{
  const char *text = connection != NULL ? skt_connection_get_end_text (connection) : NULL;
  return text != NULL ? text : "…";
}

char *
_skt_tour_step_dup_seen (SktTourStep step, SktConnection *connection, SktConnection *peer, const SktTourCounts *counts)
{
  const char *local = skt_connection_get_local_address (connection), *remote = skt_connection_get_remote_address (connection);

  switch (step)
    {
    case SKT_TOUR_CONNECT:
      return g_strdup_printf (
        /* Translators: both are an address and a port; “Life” is the name of a tab */
        _ ("%1$s is connected to %2$s: these two addresses and ports are the connection’s name. “Life” shows when it was established, and the "
           "TCP state of this end."),
        local, remote);
    case SKT_TOUR_SEND:
      return g_strdup (_ ("A row for what the client sent, and one for what the server sent back: an echo, which has to do with the server, not with "
                          "TCP. “Kernel” counts what is not acknowledged yet, and the time that a round trip takes."));
    case SKT_TOUR_READS:
      return dup_counts (counts);
    case SKT_TOUR_HALF_CLOSE:
      /* Translators: %s is the state in words ("finished sending") */
      return g_strdup_printf (_ ("The client is half-closed (“%s”): it has sent FIN and is in FIN-WAIT-2, the server in CLOSE-WAIT. What the server "
                                 "sends now still arrives: see the last row that the client received."),
                              skt_state_to_text (SKT_STATE_FINISHED));
    case SKT_TOUR_CLOSE:
      /* Translators: %s is how the connection ended ("peer closed (FIN) after 12.3 s"); “Life” is the name of a tab */
      return g_strdup_printf (_ ("The client’s last row says how it ended: %s. “Life” shows both FINs, and TIME-WAIT at the end whose FIN "
                                 "was the first."),
                              get_end (connection));
    case SKT_TOUR_RESET:
      /* Translators: both say how the connection ended, for each of its ends */
      return g_strdup_printf (_ ("The client: %1$s. The server: %2$s. Neither has a row for a FIN, and nothing of the connection is left in "
                                 "the system."),
                              get_end (connection), get_end (peer));
    case SKT_TOUR_UDP:
    case SKT_TOUR_N_STEPS:
    default:
      g_assert_not_reached ();
    }
}
