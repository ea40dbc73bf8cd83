/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-import-private.h"

#include <string.h>

#include "skt-pcapng.h"

#define ETHERTYPE_IP4 0x0800
#define ETHERTYPE_IP6 0x86DD
#define ETHERTYPE_VLAN 0x8100
#define ETHERTYPE_QINQ 0x88A8
#define PROTOCOL_TCP 6
#define MAX_EXTENSIONS 16

/* What is left of a packet. */
typedef struct
{
  const guint8 *bytes;
  gsize length;
} Rest;

static guint
get_16 (const guint8 *bytes)
{
  return bytes[0] << 8 | bytes[1];
}

static guint32
get_32 (const guint8 *bytes)
{
  return (guint32) get_16 (bytes) << 16 | get_16 (bytes + 2);
}

static gboolean
skip (Rest *rest, gsize length)
{
  if (rest->length < length)
    return FALSE;
  rest->bytes += length;
  rest->length -= length;
  return TRUE;
}

/* A header of `length` bytes with an EtherType at its end, and VLAN tags after it. */
static gboolean
skip_ethernet (Rest *rest, gsize length, gsize type_at)
{
  guint type;

  if (rest->length < length)
    return FALSE;
  type = get_16 (rest->bytes + type_at);
  skip (rest, length);
  for (guint i = 0; i < 2 && (type == ETHERTYPE_VLAN || type == ETHERTYPE_QINQ); i++)
    {
      if (rest->length < 4)
        return FALSE;
      type = get_16 (rest->bytes + 2);
      skip (rest, 4);
    }
  return type == ETHERTYPE_IP4 || type == ETHERTYPE_IP6;
}

/* Leads to the IP header, whose version says which. */
static gboolean
skip_link (Rest *rest, guint link_type)
{
  switch (link_type)
    {
    case SKT_LINKTYPE_RAW:
    case SKT_LINKTYPE_IPV4:
    case SKT_LINKTYPE_IPV6:
      return TRUE;
    case SKT_LINKTYPE_NULL:
    case SKT_LINKTYPE_LOOP:
      /* The address family, in another number for IPv6 on each system. */
      return skip (rest, 4);
    case SKT_LINKTYPE_ETHERNET:
      return skip_ethernet (rest, 14, 12);
    case SKT_LINKTYPE_LINUX_SLL:
      return skip_ethernet (rest, 16, 14);
    case SKT_LINKTYPE_LINUX_SLL2:
      return skip_ethernet (rest, 20, 0);
    default:
      return FALSE;
    }
}

/* Takes away what comes after the packet (the filling of short Ethernet frames), and sees whether all of it is there.
 * A length of 0 is that of a packet which the network card was to cut up. */
static void
limit (Rest *rest, gsize length, gboolean *ret_is_cut)
{
  *ret_is_cut = length > rest->length;
  if (length > 0)
    rest->length = MIN (rest->length, length);
}

static gboolean
skip_ip4 (Rest *rest, SktSegment *segment)
{
  gsize header;

  if (rest->length < 20)
    return FALSE;
  header = (rest->bytes[0] & 15) * 4;
  /* Fragments are not put together. */
  if (header < 20 || rest->bytes[9] != PROTOCOL_TCP || (get_16 (rest->bytes + 6) & 0x3FFF) != 0)
    return FALSE;
  memcpy (segment->addresses[0], rest->bytes + 12, 4);
  memcpy (segment->addresses[1], rest->bytes + 16, 4);
  limit (rest, get_16 (rest->bytes + 2), &segment->is_cut);
  return skip (rest, header);
}

static gboolean
skip_ip6 (Rest *rest, SktSegment *segment)
{
  gsize length;
  guint next;

  if (rest->length < 40)
    return FALSE;
  next = rest->bytes[6];
  length = get_16 (rest->bytes + 4);
  memcpy (segment->addresses[0], rest->bytes + 8, 16);
  memcpy (segment->addresses[1], rest->bytes + 24, 16);
  segment->is_ip6 = TRUE;
  limit (rest, length > 0 ? 40 + length : 0, &segment->is_cut);
  skip (rest, 40);
  /* Hop-by-hop options, routing, destination options: 8 bytes and more. */
  for (guint i = 0; i < MAX_EXTENSIONS && (next == 0 || next == 43 || next == 60); i++)
    {
      if (rest->length < 8)
        return FALSE;
      next = rest->bytes[0];
      if (!skip (rest, 8 + rest->bytes[1] * 8))
        return FALSE;
    }
  return next == PROTOCOL_TCP;
}

static gboolean
parse_tcp (const Rest *rest, SktSegment *segment)
{
  gsize header;

  if (rest->length < 20)
    return FALSE;
  header = (rest->bytes[12] >> 4) * 4;
  if (header < 20 || header > rest->length)
    return FALSE;
  segment->ports[0] = get_16 (rest->bytes);
  segment->ports[1] = get_16 (rest->bytes + 2);
  segment->sequence = get_32 (rest->bytes + 4);
  segment->acknowledgement = get_32 (rest->bytes + 8);
  segment->flags = rest->bytes[13];
  segment->bytes = rest->bytes + header;
  segment->length = rest->length - header;
  return TRUE;
}

gboolean
_skt_segment_parse (SktSegment *ret_segment, guint link_type, const guint8 *bytes, gsize length)
{
  Rest rest = { bytes, length };

  memset (ret_segment, 0, sizeof *ret_segment);
  if (!skip_link (&rest, link_type) || rest.length == 0)
    return FALSE;
  if (rest.bytes[0] >> 4 == 4)
    return skip_ip4 (&rest, ret_segment) && parse_tcp (&rest, ret_segment);
  return rest.bytes[0] >> 4 == 6 && skip_ip6 (&rest, ret_segment) && parse_tcp (&rest, ret_segment);
}
