/** Scenarios that run a program: on bare CPUs, on CPUs with tasks, on a booted machine. */
package org.smp4j.fuzz.run;
