/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"
#include "socketeer-config.h"

#include "skt-endpoint.h"
#include "skt-port-holder.h"
#include "skt-problem.h"
#include "skt-reach.h"

#include <errno.h>
#include <gio/gio.h>
#include <string.h>
#include <unistd.h>

static void
check_reach (const char *target, SktReach reach, const char *endpoint)
{
  g_auto (GStrv) endpoints = NULL;

  g_test_message ("%s", target);
  g_assert_cmpint (skt_reach_find (target, &endpoints), ==, reach);
  g_assert_cmpstr (endpoints[0], ==, endpoint);
}

static void
test_one (void)
{
  check_reach ("127.0.0.1:80", SKT_REACH_LOOPBACK, NULL);
  check_reach ("127.8.0.1:80", SKT_REACH_LOOPBACK, NULL);
  check_reach ("[::1]:80", SKT_REACH_LOOPBACK, NULL);
  check_reach ("192.0.2.1:80", SKT_REACH_ONE, "192.0.2.1:80");
  check_reach ("[2001:db8::1]:80", SKT_REACH_ONE, "[2001:db8::1]:80");
  check_reach ("[fe80::1%eth0]:80", SKT_REACH_ONE, "[fe80::1%eth0]:80");
  check_reach ("example:80", SKT_REACH_NONE, NULL);
  check_reach ("", SKT_REACH_NONE, NULL);
  check_reach (NULL, SKT_REACH_NONE, NULL);
}

/* Every address of this machine that others can use, and no other one. */
static void
test_all (void)
{
  static const char *const targets[] = { "0.0.0.0:7788", "[::]:7788" };
  g_auto (GStrv) addresses = skt_endpoint_list_local_addresses ();

  for (guint t = 0; t < G_N_ELEMENTS (targets); t++)
    {
      g_auto (GStrv) endpoints = NULL;
      guint n_expected = 0;

      g_assert_cmpint (skt_reach_find (targets[t], &endpoints), ==, SKT_REACH_ALL);
      for (guint i = 0; addresses[i] != NULL; i++)
        {
          g_autofree char *endpoint = skt_endpoint_format (addresses[i], 7788);
          gboolean is_ipv6 = strchr (addresses[i], ':') != NULL;
          gboolean is_usable = !g_str_has_prefix (addresses[i], "127.") && !g_str_equal (addresses[i], "::1") && !g_str_has_prefix (addresses[i], "fe80:") && (!is_ipv6 || t == 1);

          g_assert_cmpint (g_strv_contains ((const char *const *) endpoints, endpoint), ==, is_usable);
          n_expected += is_usable;
        }
      g_assert_cmpuint (g_strv_length (endpoints), ==, n_expected);
    }
}

static void
test_no_route (void)
{
  g_autoptr (GPtrArray) failures = g_ptr_array_new ();
  SktFailure failure = { .address = (char *) "[2001:db8::1]:80", .reason = SKT_REASON_NETWORK_UNREACHABLE };
  g_auto (GStrv) endpoints = NULL;
  g_autofree char *ipv6 = NULL, *ipv4 = NULL;
  gboolean has_global = FALSE;

  skt_reach_find ("[::]:1", &endpoints);
  for (guint i = 0; endpoints[i] != NULL; i++)
    has_global |= endpoints[i][0] == '[';
  g_assert_cmpint (skt_reach_has_global_ipv6 (), ==, has_global);

  g_ptr_array_add (failures, &failure);
  ipv6 = skt_problem_for_connect (failures, 0);
  g_assert_nonnull (strstr (ipv6, has_global ? "has no route to that network" : "has no IPv6 address but those for itself and its link"));
  failure.address = (char *) "192.0.2.1:80";
  ipv4 = skt_problem_for_connect (failures, 0);
  g_assert_nonnull (strstr (ipv4, "has no route to that network"));
}

static void
test_holder_sentences (void)
{
  static const struct
  {
    SktPortHolder holder;
    const char *text;
  } cases[] = {
    { { .state = SKT_TCP_STATE_LISTEN, .is_self = TRUE, .pid = 1 },
      "Another page of this program listens on *:80. Choose another port, or stop listening there." },
    { { .state = SKT_TCP_STATE_ESTABLISHED, .is_self = TRUE, .pid = 1 },
      "A connection of this program uses *:80. Choose another port, or close that connection." },
    { { .state = SKT_TCP_STATE_LISTEN, .pid = 7, .program = (char *) "ncat" },
      "The program “ncat” (process 7) has *:80. Choose another port, or stop the other program." },
    { { .state = SKT_TCP_STATE_LISTEN, .uid = 4000000 },
      "A program of the user “4000000” has *:80. Choose another port, or stop the other program." },
    /* as in a sandbox */
    { { .state = SKT_TCP_STATE_LISTEN, .uid = 65534 },
      "A program that cannot be seen from here has *:80. Choose another port, or stop the other program." },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      SktPortHolder holder = cases[i].holder;
      g_autofree char *text = NULL;
      g_autofree char *expected = g_strconcat ("Cannot listen on *:80: the address and port are in use. ", cases[i].text, NULL);

      holder.address = (char *) "*:80";
      text = skt_problem_for_listen ("*:80", SKT_REASON_ADDRESS_IN_USE, EADDRINUSE, &holder);
      g_assert_cmpstr (text, ==, expected);
    }
}

static void
test_unseen_holder (void)
{
  SktPortHolder holder = { .state = SKT_TCP_STATE_LISTEN, .uid = getuid (), .address = (char *) "*:80" };
  g_autofree char *text = skt_port_holder_to_text (&holder);

  g_assert_cmpstr (text, ==, "A program that cannot be seen from here has *:80.");
}

static void
test_time_wait_sentence (void)
{
  const guint32 uids[] = { getuid (), 0, 4000000 };

  for (guint i = 0; i < G_N_ELEMENTS (uids); i++)
    {
      SktPortHolder holder = { .state = SKT_TCP_STATE_TIME_WAIT, .uid = uids[i], .address = (char *) "127.0.0.1:80" };
      g_autofree char *text = skt_problem_for_listen ("*:80", SKT_REASON_ADDRESS_IN_USE, EADDRINUSE, &holder);

      g_assert_cmpstr (text, ==, "Cannot listen on *:80: the address and port are in use. The system still has a connection of "
                                 "127.0.0.1:80, in state TIME-WAIT. Wait a minute, or choose another port.");
    }
}

static void
test_privileged_local_port (void)
{
  g_autoptr (GPtrArray) failures = g_ptr_array_new ();
  SktFailure failure = { .address = (char *) "192.0.2.1:80", .reason = SKT_REASON_PERMISSION_DENIED, .code = EACCES };
  g_autofree char *bound = NULL;
  g_autofree char *firewall = NULL;

  g_ptr_array_add (failures, &failure);
  bound = skt_problem_for_connect (failures, 0);
  g_assert_true (g_str_has_prefix (bound, "Cannot connect to 192.0.2.1:80: the local port is below 1024, which needs a right"));
  failure.code = 0;
  firewall = skt_problem_for_connect (failures, 0);
  g_assert_true (g_str_has_prefix (firewall, "Cannot connect to 192.0.2.1:80: the system does not permit it."));
}

/* fe80::1 is on every link. */
static void
test_link_local (void)
{
  g_autoptr (GPtrArray) failures = g_ptr_array_new ();
  SktFailure failure = { .address = (char *) "[fe80::1]:80", .reason = SKT_REASON_OTHER, .code = EINVAL };
  g_autofree char *without = NULL, *with = NULL;

  g_ptr_array_add (failures, &failure);
  without = skt_problem_for_connect (failures, 0);
  g_assert_cmpstr (without, ==,
                   "Cannot connect to [fe80::1]:80: an address that begins with fe80 is on every link. Add by which interface it is reached, "
                   "as in fe80::1%eth0.");
  failure.address = (char *) "[fe80::1%lo]:80";
  with = skt_problem_for_connect (failures, 0);
  g_assert_true (g_str_has_prefix (with, "Cannot connect to [fe80::1%lo]:80: "));
  g_assert_null (strstr (with, "every link"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/core/reach/one", test_one);
  g_test_add_func ("/core/reach/all", test_all);
  g_test_add_func ("/core/problem/no-route", test_no_route);
  g_test_add_func ("/core/problem/holder", test_holder_sentences);
  g_test_add_func ("/core/problem/unseen-holder", test_unseen_holder);
  g_test_add_func ("/core/problem/time-wait", test_time_wait_sentence);
  g_test_add_func ("/core/problem/privileged-local-port", test_privileged_local_port);
  g_test_add_func ("/core/problem/link-local", test_link_local);
  return g_test_run ();
}
