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
  return g_strdup_printf (ngettext ("received %u byte", "received %u bytes", record->length), record->length);
}

static char *
sent_to_text (const SktRecord *record)
{
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

static char *
closed_to_text (const SktRecord *record)
{
  g_autofree char *reason = skt_reason_to_text (record->reason, record->code);
  g_autofree char *unsent = NULL;
  gulong n;

  if (record->stream_offset == 0)
    /* Translators: a connection was closed; %s is the reason as a clause */
    return g_strdup_printf (_("closed: %s"), reason);

  unsent = g_strdup_printf ("%" G_GUINT64_FORMAT, record->stream_offset);
  n = (gulong) (record->stream_offset % 1000000 + (record->stream_offset >= 1000000 ? 1000000 : 0));
  /* Translators: a connection was closed; the first %s is the reason as a clause, the second a number */
  return g_strdup_printf (ngettext ("closed: %s; %s byte was left unsent", "closed: %s; %s bytes were left unsent", n),
                          reason, unsent);
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
    case SKT_RECORD_CLOSED:
      return closed_to_text (record);
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
