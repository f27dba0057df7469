/** Explores programs that are made by machine: draws, explores, shrinks and keeps them. */
package org.smp4j.fuzz;
