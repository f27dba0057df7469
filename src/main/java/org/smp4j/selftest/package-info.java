/**
 * The explorer tested: pieces of the tower are made wrong when they are loaded, and each has to be found out by a
 * scenario.
 */
package org.smp4j.selftest;
