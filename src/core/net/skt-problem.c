/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-problem.h"

#include "skt-journal-limit.h"
#include "skt-reach.h"
#include "skt-record-text.h"
#include "skt-size.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>

/* -- Reasons -------------------------------------------------------------------------------------------------- */

SktReason
skt_reason_from_errno (int code)
{
  switch (code)
    {
    case 0:
      return SKT_REASON_NONE;
    case ECONNRESET:
    case EPIPE:
      return SKT_REASON_RESET;
    case ETIMEDOUT:
      return SKT_REASON_TIMED_OUT;
    case ECONNREFUSED:
      return SKT_REASON_REFUSED;
    case EHOSTUNREACH:
    case EHOSTDOWN:
      return SKT_REASON_HOST_UNREACHABLE;
    case ENETUNREACH:
    case ENETDOWN:
      return SKT_REASON_NETWORK_UNREACHABLE;
    case EADDRINUSE:
      return SKT_REASON_ADDRESS_IN_USE;
    case EADDRNOTAVAIL:
      return SKT_REASON_ADDRESS_NOT_AVAILABLE;
    case EACCES:
    case EPERM:
      return SKT_REASON_PERMISSION_DENIED;
    case EMFILE:
    case ENFILE:
      return SKT_REASON_OUT_OF_DESCRIPTORS;
    default:
      return SKT_REASON_OTHER;
    }
}

static SktReason
reason_from_io_error (int code)
{
  static const struct
  {
    int code;
    SktReason reason;
  } table[] = {
    { G_IO_ERROR_CANCELLED, SKT_REASON_CANCELLED },
    { G_IO_ERROR_CONNECTION_REFUSED, SKT_REASON_REFUSED },
    { G_IO_ERROR_TIMED_OUT, SKT_REASON_TIMED_OUT },
    { G_IO_ERROR_HOST_UNREACHABLE, SKT_REASON_HOST_UNREACHABLE },
    { G_IO_ERROR_NETWORK_UNREACHABLE, SKT_REASON_NETWORK_UNREACHABLE },
    { G_IO_ERROR_CONNECTION_CLOSED, SKT_REASON_RESET },
    { G_IO_ERROR_ADDRESS_IN_USE, SKT_REASON_ADDRESS_IN_USE },
    { G_IO_ERROR_PERMISSION_DENIED, SKT_REASON_PERMISSION_DENIED },
    { G_IO_ERROR_TOO_MANY_OPEN_FILES, SKT_REASON_OUT_OF_DESCRIPTORS },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    if (table[i].code == code)
      return table[i].reason;
  return SKT_REASON_OTHER;
}

SktReason
skt_reason_from_error (const GError *error)
{
  if (error->domain == G_RESOLVER_ERROR)
    return error->code == G_RESOLVER_ERROR_NOT_FOUND ? SKT_REASON_NAME_NOT_FOUND : SKT_REASON_RESOLVER_FAILED;
  if (error->domain == G_IO_ERROR)
    return reason_from_io_error (error->code);
  return SKT_REASON_OTHER;
}

void
skt_failure_free (SktFailure *self)
{
  g_free (self->address);
  g_free (self->message);
  g_free (self);
}

/* -- Connecting ----------------------------------------------------------------------------------------------- */

static char *
timeout_sentence (const char *address, guint timeout_ms)
{
  if (timeout_ms % 1000 == 0)
    return g_strdup_printf (ngettext ("%s did not answer within %u second.", "%s did not answer within %u seconds.",
                                      timeout_ms / 1000),
                            address, timeout_ms / 1000);
  return g_strdup_printf (_("%s did not answer within %.1f seconds."), address, timeout_ms / 1000.0);
}

/* fe80::/10 without an interface: connect(2) gives EINVAL. */
static gboolean
lacks_interface (const SktFailure *failure)
{
  const char *address = failure->address;

  return failure->code == EINVAL && g_ascii_strncasecmp (address, "[fe", 3) == 0 && strchr ("89abAB", address[3]) != NULL &&
         strchr (address, '%') == NULL;
}

static char *
other_sentence (const SktFailure *failure)
{
  g_autofree char *reason = failure->code == 0 && failure->message != NULL
                                ? g_strdup (failure->message)
                                : skt_reason_to_text (failure->reason, failure->code);

  if (lacks_interface (failure))
    /* Translators: %s is an address and port */
    return g_strdup_printf (_("Cannot connect to %s: an address that begins with fe80 is on every link. Add by which interface it is reached, "
                              "as in fe80::1%%eth0."),
                            failure->address);
  /* Translators: an address, then the reason in the system’s words */
  return g_strdup_printf (_("Cannot connect to %s: %s."), failure->address, reason);
}

/* Most often it is not a route that is missing: the machine has no IPv6 but for itself and its link. */
static char *
no_route_sentence (const char *address)
{
  if (address[0] == '[' && !skt_reach_has_global_ipv6 ())
    return g_strdup_printf (_("%s cannot be reached: this machine has no IPv6 address but those for itself and its link."), address);
  return g_strdup_printf (_("%s cannot be reached: this machine has no route to that network."), address);
}

/* bind(2) gives EACCES for a port of the system; a firewall rule of this machine gives EPERM, or none. */
static char *
permission_sentence (const SktFailure *failure)
{
  if (failure->code == EACCES)
    return g_strdup_printf (_("Cannot connect to %s: the local port is below 1024, which needs a right that this program does not have."),
                            failure->address);
  return g_strdup_printf (_("Cannot connect to %s: the system does not permit it."), failure->address);
}

static char *
failure_to_sentence (const SktFailure *failure, guint timeout_ms)
{
  const char *address = failure->address;

  switch ((guint) failure->reason)
    {
    case SKT_REASON_REFUSED:
      return g_strdup_printf (_("%s refused the connection: nothing listens on this port."), address);
    case SKT_REASON_RESET:
      return g_strdup_printf (_("%s reset the connection while it was being made (RST)."), address);
    case SKT_REASON_TIMED_OUT:
      return g_strdup_printf (_("%s did not answer in the time that the system allows."), address);
    case SKT_REASON_CONNECT_TIMEOUT:
      return timeout_sentence (address, timeout_ms);
    case SKT_REASON_HOST_UNREACHABLE:
      return g_strdup_printf (_("%s cannot be reached: no host answers at this address."), address);
    case SKT_REASON_NETWORK_UNREACHABLE:
      return no_route_sentence (address);
    case SKT_REASON_NAME_NOT_FOUND:
      return g_strdup_printf (_("There is no host named “%s”."), address);
    case SKT_REASON_RESOLVER_FAILED:
      return g_strdup_printf (_("The address of “%s” could not be looked up: the name server did not answer."),
                              address);
    case SKT_REASON_ADDRESS_IN_USE:
      return g_strdup_printf (_("Cannot connect to %s: the local address and port are in use, or were until a "
                                "minute ago."),
                              address);
    case SKT_REASON_ADDRESS_NOT_AVAILABLE:
      return failure->message != NULL
                 ? g_strdup (failure->message)
                 : g_strdup_printf (_("Cannot connect to %s: this machine does not have the local address."),
                                    address);
    case SKT_REASON_PERMISSION_DENIED:
      return permission_sentence (failure);
    case SKT_REASON_SELF_CONNECTED:
      return g_strdup_printf (_("%s: the connection had connected to itself, because nothing listens on this port."),
                              address);
    case SKT_REASON_OUT_OF_DESCRIPTORS:
      return g_strdup_printf (_("Cannot connect to %s: this program has too many connections open."), address);
    default:
      return other_sentence (failure);
    }
}

#define MAX_SENTENCES 3

static void
add_sentence (GString *text, const char *sentence)
{
  g_autofree char *both = NULL;

  if (text->len > 0)
    /* Translators: two whole sentences; leave out the space where your language has none there */
    both = g_strdup_printf (C_("two sentences", "%s %s"), text->str, sentence);
  g_string_assign (text, both != NULL ? both : sentence);
}

char *
skt_problem_for_connect (GPtrArray *failures, guint timeout_ms)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const SktFailure *last;
  const char *advice;

  g_assert (failures->len > 0);

  last = failures->pdata[failures->len - 1];
  if (failures->len > MAX_SENTENCES)
    g_string_append_printf (text, ngettext ("%u address was tried; this is the last of them:",
                                            "%u addresses were tried; this is the last of them:", failures->len),
                            failures->len);
  for (guint i = failures->len > MAX_SENTENCES ? failures->len - 1 : 0; i < failures->len; i++)
    {
      g_autofree char *sentence = failure_to_sentence (failures->pdata[i], timeout_ms);
      add_sentence (text, sentence);
    }
  advice = skt_reason_get_advice (last->reason, FALSE);
  if (advice != NULL)
    add_sentence (text, advice);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* -- Other problems ------------------------------------------------------------------------------------------- */

static char *
listen_sentence (const char *address, SktReason reason, int code)
{
  g_autofree char *words = NULL;

  switch ((guint) reason)
    {
    case SKT_REASON_ADDRESS_IN_USE:
      return g_strdup_printf (_("Cannot listen on %s: another program, or another page, already does."), address);
    case SKT_REASON_ADDRESS_NOT_AVAILABLE:
      return g_strdup_printf (_("Cannot listen on %s: this machine has no such address."), address);
    case SKT_REASON_PERMISSION_DENIED:
      return g_strdup_printf (_("Cannot listen on %s: this program has no right to do so; ports below 1024 need one."),
                              address);
    default:
      words = skt_reason_to_text (reason, code);
      /* Translators: an address, then the reason as a clause */
      return g_strdup_printf (_("Cannot listen on %s: %s."), address, words);
    }
}

/* Who has the address, and what can be done about that. */
static char *
in_use_sentences (const char *address, const SktPortHolder *holder)
{
  g_autofree char *who = skt_port_holder_to_text (holder);
  GString *text = g_string_new (NULL);

  g_string_printf (text, _("Cannot listen on %s: the address and port are in use."), address);
  add_sentence (text, who);
  if (holder->is_self && holder->state == SKT_TCP_STATE_LISTEN)
    add_sentence (text, _("Choose another port, or stop listening there."));
  else if (holder->is_self)
    add_sentence (text, _("Choose another port, or close that connection."));
  else if (holder->pid == 0 && holder->state == SKT_TCP_STATE_TIME_WAIT)
    add_sentence (text, _("Wait a minute, or choose another port."));
  else
    add_sentence (text, skt_reason_get_advice (SKT_REASON_ADDRESS_IN_USE, TRUE));
  return g_string_free (text, FALSE);
}

char *
skt_problem_for_listen (const char *address, SktReason reason, int code, const SktPortHolder *holder)
{
  g_autofree char *sentence = NULL;
  const char *advice = skt_reason_get_advice (reason, TRUE);
  GString *text;

  if (reason == SKT_REASON_ADDRESS_IN_USE && holder != NULL)
    return in_use_sentences (address, holder);
  sentence = listen_sentence (address, reason, code);
  text = g_string_new (sentence);
  if (advice != NULL)
    add_sentence (text, advice);
  return g_string_free (text, FALSE);
}

char *
skt_problem_for_descriptors (guint n_open)
{
  return g_strdup_printf (ngettext ("%u connection is open and this program may open no more (file descriptors). "
                                    "New ones wait until one is closed; nothing is lost.",
                                    "%u connections are open and this program may open no more (file descriptors). "
                                    "New ones wait until one is closed; nothing is lost.",
                                    n_open),
                          n_open);
}

static char *
dup_limit_reason (SktJournal *journal)
{
  g_autofree char *limit = skt_size_to_text (skt_journal_get_limit (journal));
  g_autofree char *size = skt_size_to_text (skt_journal_get_disk_size (journal));

  if (skt_journal_is_limited_by_disk (journal))
    /* Translators: %s is a size such as “9.3 GiB”. A sentence without its full stop. */
    return g_strdup_printf (_("The journal takes %s, and what is left of the disk is kept free"), size);
  /* Translators: %s is a size such as “16 GiB”. A sentence without its full stop. */
  return g_strdup_printf (_("The journal has reached its limit of %s"), limit);
}

char *
skt_problem_for_pause (SktPause pause, SktJournal *journal, const GError *error, char **ret_problem)
{
  g_autofree char *size = skt_size_to_text (skt_journal_get_disk_size (journal));
  char *reason = pause == SKT_PAUSE_LIMIT ? dup_limit_reason (journal) : g_strdup (error->message);

  if (pause == SKT_PAUSE_LIMIT)
    /* Translators: %s is a sentence, without its full stop, that says why */
    *ret_problem = g_strdup_printf (_("%s. Receiving is paused; nothing is lost: the sender waits."), reason);
  else
    /* Translators: the first %s is a sentence, without its full stop, that says why the file could not be written; the second is
     * a size such as “1.2 GiB” */
    *ret_problem = g_strdup_printf (_("%s. The journal takes %s. Receiving is paused; nothing is lost: the sender waits. It is tried "
                                      "again every second."),
                                    reason, size);
  return reason;
}
