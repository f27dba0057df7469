/** A machine as reports show it: the names of its objects, its values in words, the state of its CPUs. */
package org.smp4j.scenario.view;
