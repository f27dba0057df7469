/** What a strand runs on: a continuation of the JDK, or a thread. */
package org.smp4j.explore.coroutine;
