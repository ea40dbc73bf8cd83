/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-endpoint.h"

#include "skt-error.h"

#include <string.h>

#define BAD_ADDRESS (-2)
#define BAD_PORT (-3)

typedef struct
{
  const char *text;
  const char *host;
  int port;             /* -1: none; or what is wrong */
} Row;

static int
get_expected_error (const Row *row)
{
  return row->port == BAD_PORT ? SKT_ERROR_BAD_PORT : SKT_ERROR_BAD_ADDRESS;
}

static const Row rows[] = {
  { "example.com:80", "example.com", 80 },
  { "example.com", "example.com", -1 },
  { "example.com.", "example.com.", -1 },
  { "  localhost:7788\n", "localhost", 7788 },
  { "\302\240localhost:7788\343\200\200", "localhost", 7788 },
  { "localhost 7788", "localhost", 7788 },
  { "localhost: 7788", "localhost", 7788 },
  { "localhost\t7788", "localhost", 7788 },
  { "tcp://10.0.0.1:502/", "10.0.0.1", 502 },
  { "TCP://10.0.0.1:502", "10.0.0.1", 502 },
  { "tcp://10.0.0.1:502/path?x#y", "10.0.0.1", 502 },
  { "tcp://[::1]:80/", "::1", 80 },
  { "tcp://plc", "plc", -1 },
  { "10.0.0.1", "10.0.0.1", -1 },
  { "10.0.0.1:65535", "10.0.0.1", 65535 },
  { "10.0.0.1:00080", "10.0.0.1", 80 },
  { "127.1:80", "127.1", 80 },
  { "my_host-1:1", "my_host-1", 1 },
  { "::1", "::1", -1 },
  { "::ffff:1.2.3.4", "::ffff:1.2.3.4", -1 },
  { "[::1]", "::1", -1 },
  { "[::1]:80", "::1", 80 },
  { "[::1] 80", "::1", 80 },
  { "::1 80", "::1", 80 },
  { "fe80::1%eth0", "fe80::1%eth0", -1 },
  { "[fe80::1%2]:80", "fe80::1%2", 80 },
  { "münchen.example:80", "münchen.example", 80 },
  { "例え.jp", "例え.jp", -1 },

  { "", NULL, BAD_ADDRESS },
  { "   ", NULL, BAD_ADDRESS },
  { ":80", NULL, BAD_ADDRESS },
  { "tcp://", NULL, BAD_ADDRESS },
  { "tcp://:80", NULL, BAD_ADDRESS },
  { "http://example.com", NULL, BAD_ADDRESS },
  { "a b:1", NULL, BAD_PORT },
  { "a b c", NULL, BAD_PORT },
  { "user@example.com:80", NULL, BAD_ADDRESS },
  { "exa/mple:80", NULL, BAD_ADDRESS },
  { "exam,ple:80", NULL, BAD_ADDRESS },
  { "a..b:80", NULL, BAD_ADDRESS },
  { ".", NULL, BAD_ADDRESS },
  { "1:2:3", NULL, BAD_ADDRESS },
  { "::1:::", NULL, BAD_ADDRESS },
  { "[::1", NULL, BAD_ADDRESS },
  { "[::1]80", NULL, BAD_ADDRESS },
  { "[127.0.0.1]:80", NULL, BAD_ADDRESS },
  { "[example.com]:80", NULL, BAD_ADDRESS },
  { "[]:80", NULL, BAD_ADDRESS },
  { "fe80::1%", NULL, BAD_ADDRESS },
  { "fe80::1%a/b", NULL, BAD_ADDRESS },
  { "a\342\200\256b", NULL, BAD_ADDRESS },
  { "\377\376:80", NULL, BAD_ADDRESS },
  { "host:0", NULL, BAD_PORT },
  { "host:65536", NULL, BAD_PORT },
  { "host:99999999999999999999", NULL, BAD_PORT },
  { "host:-1", NULL, BAD_PORT },
  { "host:+80", NULL, BAD_PORT },
  { "host:0x50", NULL, BAD_PORT },
  { "host:80a", NULL, BAD_PORT },
  { "host:", NULL, BAD_PORT },
  { "host:http", NULL, BAD_PORT },
  { "[::1]:", NULL, BAD_PORT },
};

static void
test_parse (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const Row *row = &rows[i];
      g_autofree char *host = NULL;
      int port = -7;
      g_autoptr (GError) error = NULL;
      gboolean is_good = skt_endpoint_parse (row->text, &host, &port, &error);
      g_autofree char *shown = g_strescape (row->text, NULL);

      g_test_message ("%s", shown);
      if (row->host != NULL)
        {
          g_assert_no_error (error);
          g_assert_true (is_good);
          g_assert_cmpstr (host, ==, row->host);
          g_assert_cmpint (port, ==, row->port);
          continue;
        }
      g_assert_false (is_good);
      g_assert_error (error, SKT_ERROR, get_expected_error (row));
      g_assert_null (host);
      g_assert_cmpint (port, ==, -7);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
}

static void
test_parse_long (void)
{
  g_autofree char *label = g_strnfill (63, 'a');
  g_autofree char *good = g_strdup_printf ("%s.%s.%s.%.61s", label, label, label, label);
  g_autofree char *too_long = g_strdup_printf ("%s.%s.%s.%.62s", label, label, label, label);
  g_autofree char *long_label = g_strdup_printf ("a%s", label);
  g_autofree char *host = NULL;
  int port;

  g_assert_true (skt_endpoint_parse (good, &host, &port, NULL));
  g_assert_false (skt_endpoint_parse (too_long, &host, &port, NULL));
  g_assert_false (skt_endpoint_parse (long_label, &host, &port, NULL));
}

static void
test_parse_listen (void)
{
  static const Row listen_rows[] = {
    { "7788", NULL, 7788 },
    { "0", NULL, 0 },
    { ":7788", NULL, 7788 },
    { "*:7788", NULL, 7788 },
    { "127.0.0.1:0", "127.0.0.1", 0 },
    { "[::1]:80", "::1", 80 },
    { "fe80::1%eth0 80", "fe80::1%eth0", 80 },
    { "", NULL, BAD_PORT },
    { "127.0.0.1", NULL, BAD_PORT },
    { "127.0.0.1:65536", NULL, BAD_PORT },
    { "localhost:80", NULL, BAD_ADDRESS },
    { "70000", NULL, BAD_PORT },
  };

  for (guint i = 0; i < G_N_ELEMENTS (listen_rows); i++)
    {
      const Row *row = &listen_rows[i];
      g_autofree char *address = NULL;
      int port = -7;
      g_autoptr (GError) error = NULL;
      gboolean is_good = skt_endpoint_parse_listen (row->text, &address, &port, &error);
      g_autofree char *shown = g_strescape (row->text, NULL);

      g_test_message ("%s", shown);
      g_assert_cmpint (is_good, ==, row->port >= 0);
      g_assert_cmpstr (address, ==, row->host);
      if (is_good)
        g_assert_cmpint (port, ==, row->port);
      else
        g_assert_error (error, SKT_ERROR, get_expected_error (row));
    }
}

static void
test_port (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (skt_endpoint_parse_port ("0", 0, &error), ==, 0);
  g_assert_cmpint (skt_endpoint_parse_port ("65535", 1, &error), ==, 65535);
  g_assert_cmpint (skt_endpoint_parse_port (" 80 ", 1, &error), ==, 80);
  g_assert_no_error (error);
  g_assert_cmpint (skt_endpoint_parse_port ("0", 1, &error), ==, -1);
  g_assert_error (error, SKT_ERROR, SKT_ERROR_BAD_PORT);
  g_assert_cmpstr (error->message, ==, "“0” is not a port. A port is a number from 1 to 65535.");
  g_clear_error (&error);
  g_assert_cmpint (skt_endpoint_parse_port ("65536", 0, &error), ==, -1);
  g_assert_cmpstr (error->message, ==, "“65536” is not a port. A port is a number from 0 to 65535.");
  g_clear_error (&error);
  g_assert_cmpint (skt_endpoint_parse_port ("", 0, &error), ==, -1);
  g_assert_cmpstr (error->message, ==, "The port is missing. A port is a number from 0 to 65535.");
  g_clear_error (&error);
  g_assert_cmpint (skt_endpoint_parse_port ("\331\241", 0, &error), ==, -1);
}

static void
assert_format (const char *host, int port, const char *expected)
{
  g_autofree char *text = skt_endpoint_format (host, port);

  g_assert_cmpstr (text, ==, expected);
}

static void
assert_format_address (const char *host, guint16 port, const char *expected)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string (host, port);
  g_autofree char *text = skt_endpoint_format_address (address);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_format (void)
{
  g_autofree char *unknown = skt_endpoint_format_address (NULL);

  assert_format ("127.0.0.1", 7788, "127.0.0.1:7788");
  assert_format ("example.com", 0, "example.com:0");
  assert_format ("::1", 7788, "[::1]:7788");
  assert_format ("fe80::1%eth0", 80, "[fe80::1%eth0]:80");
  assert_format ("::ffff:10.1.2.3", 80, "10.1.2.3:80");
  assert_format ("::1", -1, "::1");
  assert_format_address ("127.0.0.1", 7788, "127.0.0.1:7788");
  assert_format_address ("::1", 7788, "[::1]:7788");
  assert_format_address ("::ffff:10.1.2.3", 80, "10.1.2.3:80");
  assert_format_address ("fe80::1%lo", 80, "[fe80::1%lo]:80");
  g_assert_cmpstr (unknown, ==, "?");
}

static void
test_local_addresses (void)
{
  g_auto (GStrv) addresses = skt_endpoint_list_local_addresses ();

  g_assert_true (g_strv_contains ((const char *const *) addresses, "127.0.0.1"));
  g_assert_true (g_str_equal (addresses[0], "127.0.0.1") || g_str_equal (addresses[0], "::1"));
  for (guint i = 0; addresses[i] != NULL; i++)
    for (guint j = 0; j < i; j++)
      g_assert_cmpstr (addresses[i], !=, addresses[j]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/endpoint/parse", test_parse);
  g_test_add_func ("/core/endpoint/parse-long", test_parse_long);
  g_test_add_func ("/core/endpoint/parse-listen", test_parse_listen);
  g_test_add_func ("/core/endpoint/port", test_port);
  g_test_add_func ("/core/endpoint/format", test_format);
  g_test_add_func ("/core/endpoint/local-addresses", test_local_addresses);
  return g_test_run ();
}
