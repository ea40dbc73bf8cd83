/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-record-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char *const reason_texts[SKT_N_REASONS] = {
  [SKT_REASON_NONE] = N_("no reason is known"),
  [SKT_REASON_LOCAL_CLOSED] = N_("you closed the connection"),
  [SKT_REASON_PEER_CLOSED] = N_("the peer closed the connection (FIN)"),
  [SKT_REASON_RESET] = N_("the peer reset the connection (RST)"),
  [SKT_REASON_TIMED_OUT] = N_("timed out: the peer acknowledged nothing"),
  [SKT_REASON_CONNECT_TIMEOUT] = N_("no answer within the connect timeout"),
  [SKT_REASON_REFUSED] = N_("refused: nothing listens on this port (RST in answer to SYN)"),
  [SKT_REASON_HOST_UNREACHABLE] = N_("the host cannot be reached"),
  [SKT_REASON_NETWORK_UNREACHABLE] = N_("there is no route to that network"),
  [SKT_REASON_NAME_NOT_FOUND] = N_("there is no host of that name"),
  [SKT_REASON_RESOLVER_FAILED] = N_("the name server did not answer"),
  [SKT_REASON_CANCELLED] = N_("you cancelled"),
  [SKT_REASON_ADDRESS_IN_USE] = N_("the local address and port are in use"),
  [SKT_REASON_ADDRESS_NOT_AVAILABLE] = N_("this machine does not have the local address"),
  [SKT_REASON_PERMISSION_DENIED] = N_("the system does not permit it"),
  [SKT_REASON_SELF_CONNECTED] = N_("the connection had connected to itself (nothing listens on this port)"),
  [SKT_REASON_OUT_OF_DESCRIPTORS] = N_("no more connections can be opened (out of file descriptors)"),
  [SKT_REASON_JOURNAL] = N_("what arrives could not be stored"),
  [SKT_REASON_OTHER] = N_("an error of the system"),
  [SKT_REASON_LOCAL_RESET] = N_("you reset the connection (RST)"),
  [SKT_REASON_KEEP_ALIVE] = N_("timed out: the peer did not answer the keep-alive probes"),
};

char *
skt_reason_to_text (SktReason reason, int code)
{
  if ((guint) reason >= SKT_N_REASONS)
    return g_strdup_printf (_("unknown reason %u"), (guint) reason);
  if (reason == SKT_REASON_OTHER && code != 0)
    return g_strdup (g_strerror (code));
  return g_strdup (_(reason_texts[reason]));
}

static const char *const connect_advice[SKT_N_REASONS] = {
  [SKT_REASON_RESET] =
      N_("The program at the other end crashed, was stopped, or refused what it got; look at its log."),
  [SKT_REASON_TIMED_OUT] = N_("Check that the host is on and that no firewall drops the packets."),
  [SKT_REASON_CONNECT_TIMEOUT] =
      N_("Check the address, that the host is on, and that no firewall drops the packets; or allow more time."),
  [SKT_REASON_REFUSED] = N_("Start the server there or check the port."),
  [SKT_REASON_HOST_UNREACHABLE] = N_("Check that the host is on and in the same network as this machine."),
  [SKT_REASON_NETWORK_UNREACHABLE] = N_("Check this machine’s network connection and routes."),
  [SKT_REASON_NAME_NOT_FOUND] = N_("Check the spelling, or enter its IP address."),
  [SKT_REASON_RESOLVER_FAILED] = N_("Check this machine’s network connection, or enter the host’s IP address."),
  [SKT_REASON_ADDRESS_IN_USE] = N_("Choose another local port, or 0 to let the system choose."),
  [SKT_REASON_ADDRESS_NOT_AVAILABLE] = N_("Choose an address of this machine, or none to let the system choose."),
  [SKT_REASON_PERMISSION_DENIED] = N_("Choose a local port from 1024 on, or look for a firewall rule of this machine."),
  [SKT_REASON_SELF_CONNECTED] = N_("Start the server there or check the port."),
  [SKT_REASON_OUT_OF_DESCRIPTORS] = N_("Disconnect some connections and try again."),
  [SKT_REASON_JOURNAL] = N_("Free some disk space."),
};

static const char *const listen_advice[SKT_N_REASONS] = {
  [SKT_REASON_ADDRESS_IN_USE] = N_("Choose another port, or stop the other program."),
  [SKT_REASON_ADDRESS_NOT_AVAILABLE] = N_("Choose one of its own addresses, or listen on all of them."),
  [SKT_REASON_PERMISSION_DENIED] = N_("Choose a port from 1024 on."),
  [SKT_REASON_OUT_OF_DESCRIPTORS] = N_("Disconnect some connections and try again."),
  [SKT_REASON_JOURNAL] = N_("Free some disk space."),
};

const char *
skt_reason_get_advice (SktReason reason, gboolean is_listening)
{
  const char *advice;

  if ((guint) reason >= SKT_N_REASONS)
    return NULL;
  advice = is_listening ? listen_advice[reason] : connect_advice[reason];
  return advice != NULL ? _(advice) : NULL;
}

/* The detail as text of one line in which nothing is hidden or reordered: it may come from a damaged file. */
static char *
dup_clean_detail (const char *tainted_detail, gssize length)
{
  g_autofree char *valid = NULL;
  GString *clean;

  if (tainted_detail == NULL || length == 0)
    return g_strdup ("");
  valid = g_utf8_make_valid (tainted_detail, length);
  clean = g_string_sized_new (strlen (valid));
  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      GUnicodeType type = g_unichar_type (c);
      gboolean is_hidden = type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT || type == G_UNICODE_LINE_SEPARATOR
                           || type == G_UNICODE_PARAGRAPH_SEPARATOR;

      g_string_append_unichar (clean, is_hidden ? 0xFFFD : c);
    }
  return g_string_free (clean, FALSE);
}

static char *
received_to_text (const SktRecord *record)
{
  if ((record->flags & SKT_RECORD_FLAG_URGENT) != 0)
    return g_strdup (_("received an urgent byte"));
  return g_strdup_printf (ngettext ("received %u byte", "received %u bytes", record->length), record->length);
}

static char *
sent_to_text (const SktRecord *record)
{
  if ((record->flags & SKT_RECORD_FLAG_URGENT) != 0)
    return g_strdup (_("sent an urgent byte"));
  if ((record->flags & SKT_RECORD_FLAG_AUTOMATIC) != 0)
    return g_strdup_printf (ngettext ("sent %u byte back (echo)", "sent %u bytes back (echo)", record->length),
                            record->length);
  return g_strdup_printf (ngettext ("sent %u byte", "sent %u bytes", record->length), record->length);
}

static char *
opened_to_text (const char *detail)
{
  const char *space = strchr (detail, ' ');
  g_autofree char *local = NULL;

  if (space == NULL)
    return detail[0] != '\0' ? g_strdup_printf (_("connected: %s"), detail) : g_strdup (_("connected"));
  local = g_strndup (detail, space - detail);
  /* Translators: local address → remote address */
  return g_strdup_printf (_("connected: %s → %s"), local, space + 1);
}

/* -- Ends ----------------------------------------------------------------------------------------------------- */

static char *
duration_to_text (gint64 duration_us)
{
  gint64 seconds = duration_us / G_TIME_SPAN_SECOND;

  if (seconds < 60)
    /* Translators: seconds */
    return g_strdup_printf (_("%.1f s"), (double) duration_us / G_TIME_SPAN_SECOND);
  if (seconds < 3600)
    /* Translators: minutes and seconds */
    return g_strdup_printf (_("%d min %d s"), (int) (seconds / 60), (int) (seconds % 60));
  /* Translators: hours and minutes */
  return g_strdup_printf (_("%d h %d min"), (int) (MIN (seconds / 3600, G_MAXINT)), (int) (seconds / 60 % 60));
}

static char *
end_to_clause (SktReason reason, int code, gint64 duration_us)
{
  g_autofree char *duration = duration_to_text (MAX (duration_us, 0));
  g_autofree char *words = NULL;

  switch ((guint) reason)
    {
    case SKT_REASON_LOCAL_CLOSED:
      return g_strdup_printf (_("you closed after %s"), duration);
    case SKT_REASON_LOCAL_RESET:
      return g_strdup_printf (_("you reset the connection (RST) after %s"), duration);
    case SKT_REASON_PEER_CLOSED:
      return g_strdup_printf (_("peer closed (FIN) after %s"), duration);
    case SKT_REASON_RESET:
      return g_strdup_printf (_("peer reset the connection (RST) after %s"), duration);
    case SKT_REASON_TIMED_OUT:
      return g_strdup_printf (_("timed out: no acknowledgement after %s"), duration);
    case SKT_REASON_KEEP_ALIVE:
      return g_strdup_printf (_("timed out: keep-alive unanswered after %s"), duration);
    case SKT_REASON_HOST_UNREACHABLE:
      return g_strdup_printf (_("host could no longer be reached after %s"), duration);
    case SKT_REASON_NETWORK_UNREACHABLE:
      return g_strdup_printf (_("network could no longer be reached after %s"), duration);
    case SKT_REASON_CONNECT_TIMEOUT:
      return g_strdup_printf (_("no answer after %s"), duration);
    case SKT_REASON_CANCELLED:
      return g_strdup_printf (_("you cancelled after %s"), duration);
    default:
      words = skt_reason_to_text (reason, code);
      /* Translators: a duration, then the reason as a clause */
      return g_strdup_printf (_("failed after %s: %s"), duration, words);
    }
}

/* Appends to the clause in *text, which is replaced. */
static void
add_clause (char **text, const char *clause)
{
  /* Translators: two clauses about how a connection ended */
  char *both = g_strdup_printf (C_("two clauses", "%s; %s"), *text, clause);

  g_free (*text);
  *text = both;
}

/* For ngettext() of numbers that need not fit into a long. */
static gulong
plural_of (guint64 n)
{
  return (gulong) (n % 1000000 + (n >= 1000000 ? 1000000 : 0));
}

void
skt_end_add_details (char **text, const SktRecord *record)
{
  g_return_if_fail (text != NULL && *text != NULL);
  g_return_if_fail (record != NULL);

  if (record->stream_offset > 0)
    {
      g_autofree char *n = g_strdup_printf ("%" G_GUINT64_FORMAT, record->stream_offset);
      g_autofree char *clause = g_strdup_printf (ngettext ("%s byte was left unsent", "%s bytes were left unsent",
                                                           plural_of (record->stream_offset)),
                                                 n);
      add_clause (text, clause);
    }
  if (record->unacknowledged > 0)
    {
      g_autofree char *clause = g_strdup_printf (ngettext ("%u byte was not acknowledged", "%u bytes were not acknowledged",
                                                           record->unacknowledged),
                                                 record->unacknowledged);
      add_clause (text, clause);
    }
  if ((record->flags & SKT_RECORD_FLAG_LOCAL_FIRST) != 0 && record->reason != SKT_REASON_LOCAL_CLOSED)
    add_clause (text, _("your FIN came first"));
  if ((record->flags & SKT_RECORD_FLAG_PEER_FIRST) != 0 && record->reason != SKT_REASON_PEER_CLOSED)
    add_clause (text, _("the peer’s FIN came first"));
}

char *
skt_end_to_text (const SktRecord *record, gint64 duration_us)
{
  char *text;

  g_return_val_if_fail (record != NULL, NULL);

  text = end_to_clause (record->reason, record->code, duration_us);
  if (record->kind == SKT_RECORD_CLOSED)
    skt_end_add_details (&text, record);
  return text;
}

/* "12.345"; FALSE: older journals and captures do not say it. */
static gboolean
parse_duration (const char *tainted_detail, gint64 *ret_us)
{
  double seconds;
  char *end;

  if (!g_ascii_isdigit (tainted_detail[0]))
    return FALSE;
  seconds = g_ascii_strtod (tainted_detail, &end);
  if (*end != '\0' || !(seconds >= 0 && seconds < 1e12))
    return FALSE;
  *ret_us = (gint64) (seconds * G_TIME_SPAN_SECOND);
  return TRUE;
}

char *
skt_end_dup_detail (gint64 duration_us)
{
  gint64 ms = MAX (duration_us, 0) / 1000;

  return g_strdup_printf ("%" G_GINT64_FORMAT ".%03d", ms / 1000, (int) (ms % 1000));
}

static char *
closed_to_text (const SktRecord *record, const char *tainted_detail)
{
  g_autofree char *reason = skt_reason_to_text (record->reason, record->code);
  gint64 duration_us;
  char *text;

  if (parse_duration (tainted_detail, &duration_us))
    {
      g_autofree char *duration = duration_to_text (duration_us);

      /* Translators: a connection was closed; the reason as a clause, then how long it was open */
      text = g_strdup_printf (_("closed: %s after %s"), reason, duration);
    }
  else
    /* Translators: a connection was closed; %s is the reason as a clause */
    text = g_strdup_printf (_("closed: %s"), reason);
  skt_end_add_details (&text, record);
  return text;
}

static char *
failed_to_text (const SktRecord *record, const char *detail)
{
  g_autofree char *reason = skt_reason_to_text (record->reason, record->code);

  if (detail[0] == '\0')
    return g_strdup_printf (_("failed: %s"), reason);
  /* Translators: an address or host, then the reason as a clause */
  return g_strdup_printf (_("failed: %s: %s"), detail, reason);
}

static char *
stopped_listening_to_text (const SktRecord *record)
{
  g_autofree char *reason = NULL;

  if (record->reason == SKT_REASON_NONE || record->reason == SKT_REASON_LOCAL_CLOSED)
    return g_strdup (_("stopped listening"));
  reason = skt_reason_to_text (record->reason, record->code);
  return g_strdup_printf (_("stopped listening: %s"), reason);
}

char *
skt_record_to_text (const SktRecord *record, const char *tainted_detail, gssize length)
{
  g_autofree char *detail = NULL;

  g_return_val_if_fail (record != NULL, NULL);

  if (record->kind == SKT_RECORD_RECEIVED)
    return received_to_text (record);
  if (record->kind == SKT_RECORD_SENT)
    return sent_to_text (record);

  detail = dup_clean_detail (tainted_detail, length);
  switch ((SktRecordKind) record->kind)
    {
    case SKT_RECORD_RESOLVING:
      return g_strdup_printf (_("looking up “%s”"), detail);
    case SKT_RECORD_CONNECTING:
      return g_strdup_printf (_("connecting to %s"), detail);
    case SKT_RECORD_OPENED:
      return opened_to_text (detail);
    case SKT_RECORD_PEER_FINISHED:
      return g_strdup (_("the peer has finished sending (FIN)"));
    case SKT_RECORD_FINISHED:
      return g_strdup (_("this side has finished sending (FIN)"));
    case SKT_RECORD_CLOSED:
      return closed_to_text (record, detail);
    case SKT_RECORD_FAILED:
      return failed_to_text (record, detail);
    case SKT_RECORD_LISTENING:
      return g_strdup_printf (_("listening on %s"), detail);
    case SKT_RECORD_STOPPED_LISTENING:
      return stopped_listening_to_text (record);
    case SKT_RECORD_NOTE:
      return g_steal_pointer (&detail);
    case SKT_RECORD_NONE:
    case SKT_RECORD_RECEIVED:
    case SKT_RECORD_SENT:
    case SKT_N_RECORD_KINDS:
    default:
      return g_strdup_printf (_("unknown record (kind %u)"), record->kind);
    }
}
